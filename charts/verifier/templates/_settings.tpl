{{/* Settings by their names in docs/configuration.md, with __ for the colon. Secrets are files and never stand here. */}}
{{- define "verifier.settings" -}}
{{- $v := .Values -}}
Server__Address: "*"
Server__Port: {{ $v.server.port | quote }}
Server__ProbePort: {{ $v.server.probePort | quote }}
Server__DrainDelay: {{ include "verifier.seconds" $v.server.drainDelaySeconds | quote }}
Server__DrainTimeout: {{ include "verifier.seconds" $v.server.drainTimeoutSeconds | quote }}
{{- if ne (toString $v.admission.concurrency) "" }}
Admission__Concurrency: {{ $v.admission.concurrency | quote }}
{{- end }}
Admission__QueueTime: {{ include "verifier.milliseconds" $v.admission.queueTimeMilliseconds | quote }}
Admission__MaxInFlight: {{ int $v.admission.maxInFlight | quote }}
Admission__MaxStreams: {{ int $v.admission.maxStreams | quote }}
{{- if $v.server.unsafePlaintext }}
Server__UnsafePlaintext: "true"
{{- else }}
Server__Tls__CertificateFile: {{ printf "/etc/verifier/tls/%s" $v.tls.certificateKey | quote }}
Server__Tls__KeyFile: {{ printf "/etc/verifier/tls/%s" $v.tls.privateKeyKey | quote }}
{{- end }}
{{- if $v.tls.clientCa.configMap }}
Server__Tls__ClientCaFile: {{ printf "/etc/verifier/client-ca/%s" $v.tls.clientCa.key | quote }}
{{- end }}
{{- if include "verifier.adminSecret" . }}
Identity__AdminTokenFile: {{ printf "/etc/verifier/admin/%s" $v.admin.key | quote }}
{{- end }}
{{- range $i, $issuer := $v.identity.issuers }}
Identity__Issuers__{{ $i }}__Issuer: {{ $issuer.issuer | quote }}
Identity__Issuers__{{ $i }}__Audience: {{ $issuer.audience | quote }}
Identity__Issuers__{{ $i }}__Kind: {{ $issuer.kind | quote }}
{{- range $j, $algorithm := $issuer.algorithms }}
Identity__Issuers__{{ $i }}__Algorithms__{{ $j }}: {{ $algorithm | quote }}
{{- end }}
{{- with $issuer.jwksUri }}
Identity__Issuers__{{ $i }}__JwksUri: {{ . | quote }}
{{- end }}
{{- if $issuer.caConfigMap }}
Identity__Issuers__{{ $i }}__CaFile: {{ printf "/etc/verifier/issuer-%d/%s" $i (default "ca.crt" $issuer.caKey) | quote }}
{{- end }}
{{- with $issuer.proxy }}
Identity__Issuers__{{ $i }}__Proxy: {{ . | quote }}
{{- end }}
{{- with $issuer.maxAgeSeconds }}
Identity__Issuers__{{ $i }}__MaxAge: {{ include "verifier.seconds" . | quote }}
{{- end }}
{{- end }}
{{- if $v.tokens.enabled }}
Tokens__Issuer: {{ $v.tokens.issuer | quote }}
Tokens__Port: {{ $v.tokens.port | quote }}
{{- if $v.tokens.existingSecret }}
{{- range $i, $key := $v.tokens.keys }}
Tokens__KeyFiles__{{ $i }}: {{ printf "/etc/verifier/tokens/%s" $key | quote }}
{{- end }}
{{- end }}
Tokens__ActivationDelay: {{ include "verifier.seconds" $v.tokens.activationDelaySeconds | quote }}
Tokens__Life: {{ include "verifier.seconds" $v.tokens.lifeSeconds | quote }}
{{- end }}
{{- if $v.web.enabled }}
Web__Port: {{ $v.web.port | quote }}
{{- range $i, $origin := $v.web.allowedOrigins }}
Web__AllowedOrigins__{{ $i }}: {{ $origin | quote }}
{{- end }}
{{- end }}
{{- if $v.log.existingSecret }}
Log__KeyFile: {{ printf "/etc/verifier/log/%s" $v.log.keyKey | quote }}
{{- end }}
{{- if $v.log.trustedConfigMap }}
{{- range $i, $key := $v.log.trustedKeys }}
Log__TrustedKeyFiles__{{ $i }}: {{ printf "/etc/verifier/log-trusted/%s" $key | quote }}
{{- end }}
{{- end }}
{{- include "verifier.storeSettings" . }}
Kds__Mode: {{ $v.kds.mode | quote }}
{{- with $v.kds.baseUrl }}
Kds__BaseUrl: {{ . | quote }}
{{- end }}
{{- with $v.kds.proxy }}
Kds__Proxy: {{ . | quote }}
{{- end }}
{{- if $v.kds.caConfigMap }}
Kds__CaFile: {{ printf "/etc/verifier/kds-ca/%s" $v.kds.caKey | quote }}
{{- end }}
{{- if or $v.kds.bundle.configMap $v.kds.bundle.existingClaim }}
Kds__BundleFile: {{ printf "/etc/verifier/kds-bundle/%s" $v.kds.bundle.file | quote }}
{{- end }}
{{- if $v.kds.inventory.configMap }}
Kds__InventoryFile: {{ printf "/etc/verifier/kds-inventory/%s" $v.kds.inventory.key | quote }}
{{- end }}
{{- with $v.telemetry.otlpEndpoint }}
Telemetry__OtlpEndpoint: {{ . | quote }}
{{- end }}
{{- if $v.metrics.enabled }}
Telemetry__MetricsPort: {{ $v.metrics.port | quote }}
{{- end }}
{{- if $v.tests.unsafeTrustSampleRoot }}
Trust__UnsafeExtraRoots__0: "/etc/verifier/sample-root/root.pem"
{{- end }}
{{- range $name, $value := $v.extraSettings }}
{{ $name | replace ":" "__" }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* The writable folder is there with Redis too: copies of tenants that are imported lie in it meanwhile. */}}
{{- define "verifier.storeSettings" -}}
{{- $redis := .Values.redis }}
Store__DataDirectory: "/var/lib/verifier"
{{- with include "verifier.redisEndpoints" . }}
{{- range $i, $endpoint := splitList "\n" . }}
Store__Redis__Endpoints__{{ $i }}: {{ $endpoint | quote }}
{{- end }}
{{- with $redis.user }}
Store__Redis__User: {{ . | quote }}
{{- end }}
{{- if $redis.existingSecret }}
Store__Redis__PasswordFile: {{ printf "/etc/verifier/redis/%s" $redis.passwordKey | quote }}
{{- end }}
Store__Redis__KeyPrefix: {{ $redis.keyPrefix | quote }}
Store__Redis__Tls__Enabled: {{ $redis.tls.enabled | quote }}
{{- if include "verifier.redisCaSecret" $ }}
Store__Redis__Tls__CaFile: {{ printf "/etc/verifier/redis-ca/%s" $redis.tls.caKey | quote }}
{{- end }}
{{- with $redis.tls.host }}
Store__Redis__Tls__Host: {{ . | quote }}
{{- end }}
{{- with $redis.sentinel.primaryName }}
Store__Redis__SentinelPrimary: {{ . | quote }}
{{- end }}
{{- with $redis.sentinel.user }}
Store__Redis__SentinelUser: {{ . | quote }}
{{- end }}
{{- if $redis.sentinel.existingSecret }}
Store__Redis__SentinelPasswordFile: {{ printf "/etc/verifier/redis-sentinel/%s" $redis.sentinel.passwordKey | quote }}
{{- end }}
{{- if ne (toString $redis.replicas) "" }}
Store__Redis__Replicas: {{ $redis.replicas | quote }}
{{- end }}
{{- with $redis.registryId }}
Store__Redis__RegistryId: {{ . | quote }}
{{- end }}
Store__Redis__Durability: {{ $redis.durability | quote }}
{{- if $redis.unsafePlaintext }}
Store__Redis__UnsafePlaintext: "true"
{{- end }}
{{- if $redis.unsafeNoAuthentication }}
Store__Redis__UnsafeNoAuthentication: "true"
{{- end }}
{{- end }}
{{- end -}}
