{{- define "verifier.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "verifier.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 53 | trimSuffix "-" -}}
{{- else if contains (include "verifier.name" .) .Release.Name -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "verifier.name" .) | trunc 53 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Selectors cannot change on upgrade, so they carry only what never does. */}}
{{- define "verifier.selectorLabels" -}}
app.kubernetes.io/name: {{ include "verifier.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/* Pods of another kind have another name, so that no selector of the service's takes them for its own: "root" and "part". */}}
{{- define "verifier.partSelectorLabels" -}}
app.kubernetes.io/name: {{ printf "%s-%s" (include "verifier.name" .root | trunc 56 | trimSuffix "-") .part | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- end -}}

{{- define "verifier.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: {{ .Chart.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "verifier.labels" -}}
{{ include "verifier.selectorLabels" . }}
{{ include "verifier.commonLabels" . }}
{{- end -}}

{{- define "verifier.partLabels" -}}
{{ include "verifier.partSelectorLabels" . }}
app.kubernetes.io/component: {{ .part | quote }}
{{ include "verifier.commonLabels" .root }}
{{- end -}}

{{- define "verifier.serviceAccountName" -}}
{{- default (include "verifier.fullname" .) .Values.serviceAccount.name -}}
{{- end -}}

{{/* "image" as in the values, and the "tag" that an empty one stands for. */}}
{{- define "verifier.imageOf" -}}
{{- printf "%s:%s" .image.repository (default .tag .image.tag) -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{/* What the service is judged by: one who listens as nobody, without rights, on a file system that it cannot change. */}}
{{- define "verifier.containerSecurityContext" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The number of a user without a name, as in the image. */}}
{{- define "verifier.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* Name of the secret with the service's certificate; empty when it serves without TLS. */}}
{{- define "verifier.tlsSecret" -}}
{{- if .Values.tls.certManager.enabled -}}
{{- include "verifier.fullname" . }}-tls
{{- else -}}
{{- .Values.tls.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* Name of the secret with the administrator's token; empty when there is none. */}}
{{- define "verifier.adminSecret" -}}
{{- if .Values.admin.existingSecret -}}
{{- .Values.admin.existingSecret -}}
{{- else if .Values.admin.create -}}
{{- include "verifier.fullname" . }}-admin
{{- end -}}
{{- end -}}

{{- define "verifier.claim" -}}
{{- default (include "verifier.fullname" .) .Values.persistence.existingClaim -}}
{{- end -}}

{{/* Host of the single Redis for trying out; its certificate must have this name. */}}
{{- define "verifier.trialRedisHost" -}}
{{- printf "%s-redis.%s.svc" (include "verifier.fullname" .) .Release.Namespace -}}
{{- end -}}

{{/* host:port of Redis, one a line; empty with the embedded store. */}}
{{- define "verifier.redisEndpoints" -}}
{{- if .Values.redis.trial.enabled -}}
{{- include "verifier.trialRedisHost" . }}:6379
{{- else -}}
{{- join "\n" .Values.redis.endpoints -}}
{{- end -}}
{{- end -}}

{{/* Secret with the authorities that may vouch for Redis. */}}
{{- define "verifier.redisCaSecret" -}}
{{- if .Values.redis.tls.enabled -}}
{{- if and .Values.redis.trial.enabled (not .Values.redis.tls.caSecret) -}}
{{- .Values.redis.trial.tlsSecret -}}
{{- else -}}
{{- .Values.redis.tls.caSecret -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Not empty where more than one pod is wanted. */}}
{{- define "verifier.isMany" -}}
{{- if .Values.autoscaling.enabled -}}
{{- if gt (int .Values.autoscaling.maxReplicas) 1 }}true{{ end -}}
{{- else if gt (int .Values.replicaCount) 1 -}}
true
{{- end -}}
{{- end -}}

{{/* A number of seconds as the service reads a span of time. */}}
{{- define "verifier.seconds" -}}
{{- $s := int . -}}
{{- if ge $s 86400 }}{{ printf "%d." (div $s 86400) }}{{ end -}}
{{- printf "%02d:%02d:%02d" (div (mod $s 86400) 3600) (div (mod $s 3600) 60) (mod $s 60) -}}
{{- end -}}

{{/* A number of milliseconds, less than a minute, in the same form. */}}
{{- define "verifier.milliseconds" -}}
{{- printf "00:00:%02d.%03d" (div (int .) 1000) (mod (int .) 1000) -}}
{{- end -}}
