{{/*
The files that the service reads, each set of them a folder below /etc/verifier: where they come from and which of them. Said once, and
mounted and named from here. A folder is mounted whole, so that what is renewed arrives without a restart.
*/}}
{{- define "verifier.files" -}}
{{- $v := .Values -}}
{{- $redis := include "verifier.redisEndpoints" . -}}
{{- with include "verifier.tlsSecret" . }}
- folder: tls
  secret: {{ . | quote }}
  keys: [{{ $v.tls.certificateKey | quote }}, {{ $v.tls.privateKeyKey | quote }}]
{{- end }}
{{- with $v.tls.clientCa.configMap }}
- folder: client-ca
  configMap: {{ . | quote }}
  keys: [{{ $v.tls.clientCa.key | quote }}]
{{- end }}
{{- with include "verifier.adminSecret" . }}
- folder: admin
  secret: {{ . | quote }}
  keys: [{{ $v.admin.key | quote }}]
{{- end }}
{{- range $i, $issuer := $v.identity.issuers }}
{{- if $issuer.caConfigMap }}
- folder: issuer-{{ $i }}
  configMap: {{ $issuer.caConfigMap | quote }}
  keys: [{{ default "ca.crt" $issuer.caKey | quote }}]
{{- end }}
{{- end }}
{{- if and $v.tokens.enabled $v.tokens.existingSecret }}
- folder: tokens
  secret: {{ $v.tokens.existingSecret | quote }}
  keys: {{ $v.tokens.keys | toJson }}
{{- end }}
{{- with $v.log.existingSecret }}
- folder: log
  secret: {{ . | quote }}
  keys: [{{ $v.log.keyKey | quote }}]
{{- end }}
{{- with $v.log.trustedConfigMap }}
- folder: log-trusted
  configMap: {{ . | quote }}
  keys: {{ $v.log.trustedKeys | toJson }}
{{- end }}
{{- if and $redis $v.redis.existingSecret }}
- folder: redis
  secret: {{ $v.redis.existingSecret | quote }}
  keys: [{{ $v.redis.passwordKey | quote }}]
{{- end }}
{{- if and $redis $v.redis.sentinel.existingSecret }}
- folder: redis-sentinel
  secret: {{ $v.redis.sentinel.existingSecret | quote }}
  keys: [{{ $v.redis.sentinel.passwordKey | quote }}]
{{- end }}
{{- if and $redis (include "verifier.redisCaSecret" .) }}
- folder: redis-ca
  secret: {{ include "verifier.redisCaSecret" . | quote }}
  keys: [{{ $v.redis.tls.caKey | quote }}]
{{- end }}
{{- with $v.kds.caConfigMap }}
- folder: kds-ca
  configMap: {{ . | quote }}
  keys: [{{ $v.kds.caKey | quote }}]
{{- end }}
{{- with $v.kds.bundle.configMap }}
- folder: kds-bundle
  configMap: {{ . | quote }}
  keys: [{{ $v.kds.bundle.file | quote }}]
{{- end }}
{{- with $v.kds.bundle.existingClaim }}
- folder: kds-bundle
  claim: {{ . | quote }}
{{- end }}
{{- with $v.kds.inventory.configMap }}
- folder: kds-inventory
  configMap: {{ . | quote }}
  keys: [{{ $v.kds.inventory.key | quote }}]
{{- end }}
{{- if $v.tests.unsafeTrustSampleRoot }}
- folder: sample-root
  configMap: {{ include "verifier.fullname" . }}-sample-root
  keys: [root.pem]
{{- end }}
{{- end -}}

{{- define "verifier.volumes" -}}
{{- range include "verifier.files" . | fromYamlArray }}
- name: {{ .folder }}
  {{- if .secret }}
  secret:
    secretName: {{ .secret | quote }}
    defaultMode: 0440
  {{- else if .configMap }}
  configMap:
    name: {{ .configMap | quote }}
  {{- else }}
  persistentVolumeClaim:
    claimName: {{ .claim | quote }}
    readOnly: true
  {{- end }}
  {{- if .keys }}
    items:
      {{- range .keys }}
      - key: {{ . | quote }}
        path: {{ . | quote }}
      {{- end }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "verifier.volumeMounts" -}}
{{- range include "verifier.files" . | fromYamlArray }}
- name: {{ .folder }}
  mountPath: /etc/verifier/{{ .folder }}
  readOnly: true
{{- end }}
{{- end -}}
