{{/* The port of an address: the one it names, or that of its scheme. */}}
{{- define "verifier.portOf" -}}
{{- $port := regexFind ":[0-9]+$" (urlParse .).host -}}
{{- if $port -}}
{{- trimPrefix ":" $port -}}
{{- else -}}
{{- ternary "80" "443" (hasPrefix "http://" .) -}}
{{- end -}}
{{- end -}}

{{/* Ports of Redis, one a line; empty with the embedded store. */}}
{{- define "verifier.redisPorts" -}}
{{- $ports := list -}}
{{- with include "verifier.redisEndpoints" . -}}
{{- range splitList "\n" . -}}
{{- $ports = append $ports (splitList ":" . | last) -}}
{{- end -}}
{{- range $.Values.networkPolicy.redisPorts -}}
{{- $ports = append $ports (toString (int .)) -}}
{{- end -}}
{{- end -}}
{{- join "\n" (uniq $ports) -}}
{{- end -}}

{{/* Ports at which the keys of issuers are asked for, one a line. */}}
{{- define "verifier.issuerPorts" -}}
{{- $ports := list -}}
{{- range .Values.identity.issuers -}}
{{- if .proxy -}}
{{- $ports = append $ports (include "verifier.portOf" .proxy) -}}
{{- else -}}
{{- $ports = append $ports (include "verifier.portOf" .issuer) -}}
{{- with .jwksUri -}}
{{- $ports = append $ports (include "verifier.portOf" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- join "\n" (uniq $ports) -}}
{{- end -}}
