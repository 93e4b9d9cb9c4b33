{{/*
Values that contradict each other. The schema sees one value at a time; what follows from two or more is refused here, all at once, in
words that name the values. Each part gives its faults one a line.
*/}}
{{- define "verifier.rules" -}}
{{- $parts := list "names" "server" "store" "trial" "results" "metrics" "pods" "network" "settings" -}}
{{- $faults := list -}}
{{- range $parts -}}
{{- range splitList "\n" (include (printf "verifier.rules.%s" .) $) -}}
{{- with trim . }}{{ $faults = append $faults . }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if $faults -}}
{{- fail (printf "\n- %s" (join "\n- " $faults)) -}}
{{- end -}}
{{- end -}}

{{- define "verifier.rules.names" -}}
{{- $v := .Values -}}
{{- $name := include "verifier.fullname" . -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) }}
fullnameOverride: needed, since {{ $name }} cannot name a Service: a letter first, then letters, digits and hyphens
{{- end }}
{{- range $label, $_ := $v.podLabels }}
{{- if hasKey (include "verifier.labels" $ | fromYaml) $label }}
podLabels: {{ $label }} is a label of the chart's own
{{- end }}
{{- end }}
{{- range $path, $labels := dict "metrics.serviceMonitor.labels" $v.metrics.serviceMonitor.labels "metrics.podMonitor.labels" $v.metrics.podMonitor.labels "metrics.prometheusRule.labels" $v.metrics.prometheusRule.labels "metrics.dashboard.labels" $v.metrics.dashboard.labels }}
{{- range $label, $_ := $labels }}
{{- if hasKey (include "verifier.labels" $ | fromYaml) $label }}
{{ $path }}: {{ $label }} is a label of the chart's own
{{- end }}
{{- end }}
{{- end }}
{{- if hasKey ($v.podAnnotations | default dict) "checksum/config" }}
podAnnotations: checksum/config is an annotation of the chart's own
{{- end }}
{{- range $path, $image := dict "image" $v.image "redis.trial.image" $v.redis.trial.image "tests.image" $v.tests.image }}
{{- if eq $image.tag "latest" }}
{{ $path }}.tag: latest is refused, since it names another image tomorrow
{{- end }}
{{- end }}
{{- if and (not $v.serviceAccount.create) (not $v.serviceAccount.name) }}
serviceAccount.name: needed when serviceAccount.create is false
{{- end }}
{{- end -}}

{{- define "verifier.rules.server" -}}
{{- $v := .Values -}}
{{- $c := $v.tls.certManager -}}
{{- if and (not $v.tls.existingSecret) (not $c.enabled) (not $v.server.unsafePlaintext) }}
tls.existingSecret: name a secret with certificate and key, or set tls.certManager.enabled, or set server.unsafePlaintext to serve without TLS
{{- end }}
{{- if and $v.tls.existingSecret $v.server.unsafePlaintext }}
server.unsafePlaintext contradicts tls.existingSecret; set tls.existingSecret to "" to serve without TLS
{{- end }}
{{- if and $c.enabled $v.tls.existingSecret }}
tls.certManager.enabled contradicts tls.existingSecret; set tls.existingSecret to "" to have the certificate made
{{- end }}
{{- if and $c.enabled $v.server.unsafePlaintext }}
server.unsafePlaintext contradicts tls.certManager.enabled
{{- end }}
{{- if and $c.enabled (not $c.issuerName) }}
tls.certManager.issuerName: needed, since tls.certManager.enabled is set
{{- end }}
{{- if and (not $c.enabled) (or $c.issuerName $c.dnsNames) }}
tls.certManager.enabled: must be true, since other values of tls.certManager are set
{{- end }}
{{- if and $c.enabled (le (trimSuffix "h" $c.duration | int) (trimSuffix "h" $c.renewBefore | int)) }}
tls.certManager.renewBefore must be shorter than tls.certManager.duration
{{- end }}
{{- if and $c.enabled (or (ne $v.tls.certificateKey "tls.crt") (ne $v.tls.privateKeyKey "tls.key")) }}
tls.certificateKey and tls.privateKeyKey: must be tls.crt and tls.key with tls.certManager, which names them so
{{- end }}
{{- if and $v.tls.clientCa.configMap $v.server.unsafePlaintext }}
tls.clientCa.configMap: has no meaning with server.unsafePlaintext
{{- end }}
{{- $seen := dict -}}
{{- range $port := include "verifier.ports" . | fromYamlArray }}
{{- $number := toString (int $port.number) -}}
{{- if hasKey $seen $number }}
{{ $port.value }} must differ from {{ get $seen $number }}
{{- end }}
{{- $_ := set $seen $number $port.value -}}
{{- end }}
{{- if and $v.tokens.enabled (eq (int $v.service.port) (int $v.service.tokensPort)) }}
service.tokensPort must differ from service.port
{{- end }}
{{- if and $v.web.enabled (eq (int $v.service.port) (int $v.service.webPort)) }}
service.webPort must differ from service.port
{{- end }}
{{- if and $v.web.enabled $v.tokens.enabled (eq (int $v.service.webPort) (int $v.service.tokensPort)) }}
service.webPort must differ from service.tokensPort
{{- end }}
{{- if and $v.web.allowedOrigins (not $v.web.enabled) }}
web.enabled: must be true, since web.allowedOrigins is set
{{- end }}
{{- end -}}

{{/* Ports that the service listens at, in their order. */}}
{{- define "verifier.ports" -}}
- {value: server.port, number: {{ .Values.server.port }}}
- {value: server.probePort, number: {{ .Values.server.probePort }}}
{{- if .Values.web.enabled }}
- {value: web.port, number: {{ .Values.web.port }}}
{{- end }}
{{- if .Values.tokens.enabled }}
- {value: tokens.port, number: {{ .Values.tokens.port }}}
{{- end }}
{{- if .Values.metrics.enabled }}
- {value: metrics.port, number: {{ .Values.metrics.port }}}
{{- end }}
{{- end -}}

{{- define "verifier.rules.store" -}}
{{- $v := .Values -}}
{{- if include "verifier.redisEndpoints" . -}}
{{- if not $v.log.existingSecret }}
log.existingSecret: name a secret with the key that signs the log, the same for every replica
{{- end }}
{{- if and (not $v.redis.existingSecret) (not $v.redis.unsafeNoAuthentication) }}
redis.existingSecret: name a secret with the password, or set redis.unsafeNoAuthentication
{{- end }}
{{- if and $v.redis.existingSecret $v.redis.unsafeNoAuthentication }}
redis.unsafeNoAuthentication contradicts redis.existingSecret
{{- end }}
{{- if and (not $v.redis.tls.enabled) (not $v.redis.unsafePlaintext) }}
redis.tls.enabled: must be true, unless redis.unsafePlaintext is set
{{- end }}
{{- if and $v.redis.tls.enabled $v.redis.unsafePlaintext }}
redis.unsafePlaintext contradicts redis.tls.enabled
{{- end }}
{{- if and (or $v.redis.sentinel.user $v.redis.sentinel.existingSecret) (not $v.redis.sentinel.primaryName) }}
redis.sentinel.primaryName: needed, since other values of redis.sentinel are set
{{- end }}
{{- if and $v.redis.sentinel.user (not $v.redis.sentinel.existingSecret) }}
redis.sentinel.existingSecret: name a secret with the password of redis.sentinel.user
{{- end }}
{{- if and $v.redis.sentinel.primaryName $v.redis.trial.enabled }}
redis.sentinel.primaryName contradicts redis.trial.enabled: the Redis for trying out has no sentinels
{{- end }}
{{- if and $v.redis.sentinel.primaryName $v.networkPolicy.enabled (not $v.networkPolicy.redisPorts) }}
networkPolicy.redisPorts: name the ports of the servers that the sentinels name
{{- end }}
{{- if and $v.redis.trial.enabled (not (has (toString $v.redis.replicas) (list "" "0"))) }}
redis.replicas contradicts redis.trial.enabled: the Redis for trying out has none
{{- end }}
{{- if and $v.redis.tls.caSecret (not $v.redis.tls.enabled) }}
redis.tls.caSecret: has no meaning without redis.tls.enabled
{{- end }}
{{- else -}}
{{- if and (gt (int $v.replicaCount) 1) (not $v.autoscaling.enabled) }}
replicaCount: must be 1 without redis.endpoints, since the embedded store belongs to one process
{{- end }}
{{- if $v.autoscaling.enabled }}
autoscaling.enabled: needs redis.endpoints, since the embedded store belongs to one process
{{- end }}
{{- if or $v.redis.existingSecret $v.redis.user $v.redis.tls.caSecret $v.redis.sentinel.primaryName $v.redis.registryId (ne (toString $v.redis.replicas) "") }}
redis.endpoints: needed, since other values of redis are set
{{- end }}
{{- if and (not $v.persistence.enabled) (not $v.persistence.unsafeEphemeral) }}
persistence.enabled: must be true without redis.endpoints, unless persistence.unsafeEphemeral is set to lose the registry with the pod
{{- end }}
{{- if and $v.persistence.enabled $v.persistence.unsafeEphemeral }}
persistence.unsafeEphemeral contradicts persistence.enabled
{{- end }}
{{- end }}
{{- if and $v.log.trustedConfigMap (not $v.log.trustedKeys) }}
log.trustedKeys: name the keys of log.trustedConfigMap that hold public keys
{{- end }}
{{- if and $v.log.trustedKeys (not $v.log.trustedConfigMap) }}
log.trustedConfigMap: needed, since log.trustedKeys is set
{{- end }}
{{- end -}}

{{- define "verifier.rules.trial" -}}
{{- $r := .Values.redis -}}
{{- $t := $r.trial -}}
{{- if $t.enabled -}}
{{- if $r.endpoints }}
redis.trial.enabled contradicts redis.endpoints: either a Redis of yours or the one for trying out
{{- end }}
{{- if $r.unsafeNoAuthentication }}
redis.unsafeNoAuthentication contradicts redis.trial.enabled: the Redis for trying out has users
{{- end }}
{{- if not $r.user }}
redis.user: needed with redis.trial.enabled, the user of the ACL file
{{- end }}
{{- if eq $t.aclKey $r.passwordKey }}
redis.trial.aclKey must differ from redis.passwordKey: one is the ACL file, the other the password
{{- end }}
{{- if and $r.tls.enabled (not $t.tlsSecret) }}
redis.trial.tlsSecret: name a secret with tls.crt, tls.key and ca.crt, or set redis.tls.enabled to false and redis.unsafePlaintext
{{- end }}
{{- if and $t.tlsSecret (not $r.tls.enabled) }}
redis.trial.tlsSecret: has no meaning without redis.tls.enabled
{{- end }}
{{- if not $t.image.tag }}
redis.trial.image.tag: needed
{{- end }}
{{- else if $t.tlsSecret }}
redis.trial.enabled: must be true, since redis.trial.tlsSecret is set
{{- end }}
{{- end -}}

{{- define "verifier.rules.results" -}}
{{- $t := .Values.tokens -}}
{{- if $t.enabled -}}
{{- if not $t.issuer }}
tokens.issuer: needed, the address under which relying parties find the keys
{{- end }}
{{- if .Values.server.unsafePlaintext }}
tokens.enabled contradicts server.unsafePlaintext: keys are served with the certificate of the service only
{{- end }}
{{- if and (include "verifier.redisEndpoints" .) (not $t.existingSecret) }}
tokens.existingSecret: name a secret with the key that signs results, the same for every replica
{{- end }}
{{- else if or $t.issuer $t.existingSecret }}
tokens.enabled: must be true, since other values of tokens are set
{{- end }}
{{- end -}}

{{- define "verifier.rules.metrics" -}}
{{- $m := .Values.metrics -}}
{{- if not $m.enabled -}}
{{- range list "serviceMonitor" "podMonitor" "prometheusRule" }}
{{- if (index $m .).enabled }}
metrics.enabled: must be true, since metrics.{{ . }}.enabled is set
{{- end }}
{{- end }}
{{- if .Values.autoscaling.targetCallsInFlight }}
metrics.enabled: must be true, since autoscaling.targetCallsInFlight is set
{{- end }}
{{- end }}
{{- if and $m.serviceMonitor.enabled $m.podMonitor.enabled }}
metrics.podMonitor.enabled contradicts metrics.serviceMonitor.enabled: every sample would count twice
{{- end }}
{{- if and $m.enabled .Values.networkPolicy.enabled (not .Values.networkPolicy.monitoring) }}
networkPolicy.monitoring: name the pods that scrape, since metrics.enabled is set
{{- end }}
{{- if and (not $m.enabled) .Values.networkPolicy.enabled .Values.networkPolicy.monitoring }}
networkPolicy.monitoring: has no meaning without metrics.enabled
{{- end }}
{{- end -}}

{{- define "verifier.rules.pods" -}}
{{- $a := .Values.autoscaling -}}
{{- $b := .Values.podDisruptionBudget -}}
{{- if $a.enabled -}}
{{- if gt (int $a.minReplicas) (int $a.maxReplicas) }}
autoscaling.minReplicas must not be greater than autoscaling.maxReplicas
{{- end }}
{{- if not (include "verifier.autoscalingTargets" .) }}
autoscaling.targetCpuPercent: nothing is left that the autoscaler could go by
{{- end }}
{{- if and $a.targetCpuPercent (not (dig "requests" "cpu" "" .Values.resources)) }}
resources.requests.cpu: needed by autoscaling.targetCpuPercent, which is a part of it
{{- end }}
{{- end }}
{{- if $b.enabled -}}
{{- if and (ne (toString $b.minAvailable) "") (ne (toString $b.maxUnavailable) "") }}
podDisruptionBudget.minAvailable contradicts podDisruptionBudget.maxUnavailable; set one of them to ""
{{- end }}
{{- if and (eq (toString $b.minAvailable) "") (eq (toString $b.maxUnavailable) "") }}
podDisruptionBudget.maxUnavailable: needed, or podDisruptionBudget.minAvailable
{{- end }}
{{- $least := ternary $a.minReplicas .Values.replicaCount $a.enabled -}}
{{- if and (include "verifier.isMany" .) (or (has (toString $b.maxUnavailable) (list "0" "0%")) (eq (toString $b.minAvailable) "100%") (and (regexMatch "^[0-9]+$" (toString $b.minAvailable)) (ge (int $b.minAvailable) (int $least)))) }}
podDisruptionBudget: no pod could ever be moved, and no node drained
{{- end }}
{{- end }}
{{- end -}}

{{/* Not empty when there is something that the autoscaler goes by. */}}
{{- define "verifier.autoscalingTargets" -}}
{{- if or .Values.autoscaling.targetCpuPercent .Values.autoscaling.targetCallsInFlight }}some{{ end -}}
{{- end -}}

{{- define "verifier.rules.network" -}}
{{- $p := .Values.networkPolicy -}}
{{- if not $p.enabled -}}
{{- range $name, $value := $p }}
{{- if and (kindIs "slice" $value) $value }}
networkPolicy.enabled: must be true, since networkPolicy.{{ $name }} is set
{{- end }}
{{- end }}
{{- else if and $p.keyService (eq .Values.kds.mode "Offline") }}
networkPolicy.keyService: has no meaning with kds.mode Offline
{{- end }}
{{- if and (eq .Values.kds.mode "Offline") (or .Values.kds.baseUrl .Values.kds.proxy .Values.kds.caConfigMap .Values.kds.inventory.configMap) }}
kds.mode: Offline asks nobody, so kds.baseUrl, kds.proxy, kds.caConfigMap and kds.inventory have no meaning
{{- end }}
{{- if and .Values.kds.bundle.configMap .Values.kds.bundle.existingClaim }}
kds.bundle.configMap contradicts kds.bundle.existingClaim: the bundle is in one of them
{{- end }}
{{- if and (not .Values.tests.enabled) .Values.tests.unsafeTrustSampleRoot }}
tests.unsafeTrustSampleRoot: has no meaning without tests.enabled
{{- end }}
{{- end -}}

{{/* What has a value of its own is set by that value, where it is checked against the others; what is unsafe is never set in passing. */}}
{{- define "verifier.rules.settings" -}}
{{- range $name, $_ := .Values.extraSettings }}
{{- if regexMatch "(?i)unsafe" $name }}
extraSettings: {{ $name }} is unsafe; what the chart has of that kind is a value of its own
{{- else if regexMatch "(?i)^(Admission:(Concurrency|QueueTime|MaxInFlight|MaxStreams)|Server:(Address|Port|ProbePort|DrainDelay|DrainTimeout|Tls:(CertificateFile|KeyFile|ClientCaFile))|Identity:(AdminTokenFile|Issuers:.*)|Tokens:(Issuer|Port|KeyFiles:.*|ActivationDelay|Life)|Web:(Port|AllowedOrigins:.*)|Log:(KeyFile|TrustedKeyFiles:.*)|Store:DataDirectory|Store:Redis:(SentinelPrimary|SentinelUser|SentinelPasswordFile|Replicas|RegistryId|Endpoints:.*|User|PasswordFile|KeyPrefix|Durability|Tls:.*)|Kds:(Mode|BaseUrl|Proxy|CaFile|BundleFile|InventoryFile)|Telemetry:(OtlpEndpoint|MetricsPort))$" $name }}
extraSettings: {{ $name }} has a value of its own in the chart
{{- end }}
{{- end }}
{{- end -}}
