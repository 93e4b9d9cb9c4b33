{{/*
Values that contradict each other. The schema sees one value at a time; what follows from two or more is refused here, all at once, in
words that name the values.
*/}}
{{- define "verifier.rules" -}}
{{- $v := .Values -}}
{{- $redis := gt (len $v.redis.endpoints) 0 -}}
{{- $faults := list -}}
{{- $name := include "verifier.fullname" . -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) -}}
{{- $faults = append $faults (printf "fullnameOverride: needed, since %s cannot name a Service: a letter first, then letters, digits and hyphens" $name) -}}
{{- end -}}
{{- range $label, $_ := $v.podLabels -}}
{{- if hasKey (include "verifier.labels" $ | fromYaml) $label -}}
{{- $faults = append $faults (printf "podLabels: %s is a label of the chart's own" $label) -}}
{{- end -}}
{{- end -}}
{{- if hasKey ($v.podAnnotations | default dict) "checksum/config" -}}
{{- $faults = append $faults "podAnnotations: checksum/config is an annotation of the chart's own" -}}
{{- end -}}
{{- if eq $v.image.tag "latest" -}}
{{- $faults = append $faults "image.tag: latest is refused, since it names another image tomorrow" -}}
{{- end -}}
{{- if and (not $v.tls.existingSecret) (not $v.server.unsafePlaintext) -}}
{{- $faults = append $faults "tls.existingSecret: name a secret with certificate and key, or set server.unsafePlaintext to serve without TLS" -}}
{{- end -}}
{{- if and $v.tls.existingSecret $v.server.unsafePlaintext -}}
{{- $faults = append $faults "server.unsafePlaintext contradicts tls.existingSecret; set tls.existingSecret to \"\" to serve without TLS" -}}
{{- end -}}
{{- if eq (int $v.server.port) (int $v.server.probePort) -}}
{{- $faults = append $faults "server.probePort must differ from server.port" -}}
{{- end -}}
{{- if and (not $v.serviceAccount.create) (not $v.serviceAccount.name) -}}
{{- $faults = append $faults "serviceAccount.name: needed when serviceAccount.create is false" -}}
{{- end -}}
{{- if $redis -}}
{{- if not $v.log.existingSecret -}}
{{- $faults = append $faults "log.existingSecret: name a secret with the key that signs the log, the same for every replica" -}}
{{- end -}}
{{- if and (not $v.redis.existingSecret) (not $v.redis.unsafeNoAuthentication) -}}
{{- $faults = append $faults "redis.existingSecret: name a secret with the password, or set redis.unsafeNoAuthentication" -}}
{{- end -}}
{{- if and $v.redis.existingSecret $v.redis.unsafeNoAuthentication -}}
{{- $faults = append $faults "redis.unsafeNoAuthentication contradicts redis.existingSecret" -}}
{{- end -}}
{{- if and (not $v.redis.tls.enabled) (not $v.redis.unsafePlaintext) -}}
{{- $faults = append $faults "redis.tls.enabled: must be true, unless redis.unsafePlaintext is set" -}}
{{- end -}}
{{- if and $v.redis.tls.enabled $v.redis.unsafePlaintext -}}
{{- $faults = append $faults "redis.unsafePlaintext contradicts redis.tls.enabled" -}}
{{- end -}}
{{- else -}}
{{- if gt (int $v.replicaCount) 1 -}}
{{- $faults = append $faults "replicaCount: must be 1 without redis.endpoints, since the embedded store belongs to one process" -}}
{{- end -}}
{{- if or $v.redis.existingSecret $v.redis.user $v.redis.tls.caSecret -}}
{{- $faults = append $faults "redis.endpoints: needed, since other values of redis are set" -}}
{{- end -}}
{{- if and (not $v.persistence.enabled) (not $v.persistence.unsafeEphemeral) -}}
{{- $faults = append $faults "persistence.enabled: must be true without redis.endpoints, unless persistence.unsafeEphemeral is set to lose the registry with the pod" -}}
{{- end -}}
{{- if and $v.persistence.enabled $v.persistence.unsafeEphemeral -}}
{{- $faults = append $faults "persistence.unsafeEphemeral contradicts persistence.enabled" -}}
{{- end -}}
{{- end -}}
{{- if $faults -}}
{{- fail (printf "\n- %s" (join "\n- " $faults)) -}}
{{- end -}}
{{- end -}}
