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

{{- define "verifier.labels" -}}
{{ include "verifier.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "verifier.serviceAccountName" -}}
{{- default (include "verifier.fullname" .) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "verifier.image" -}}
{{- $tag := default .Chart.AppVersion .Values.image.tag -}}
{{- printf "%s:%s" .Values.image.repository $tag -}}
{{- with .Values.image.digest }}@{{ . }}{{ end -}}
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

{{/* A number of seconds, up to an hour, as the service reads a span of time. */}}
{{- define "verifier.seconds" -}}
{{- $s := int . -}}
{{- printf "00:%02d:%02d" (div $s 60) (mod $s 60) -}}
{{- end -}}
