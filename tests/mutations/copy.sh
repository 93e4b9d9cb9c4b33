# shellcheck shell=bash
# For scripts that read it: copies what is under version control, and builds questions for their own names into it. Needs perl.

# copy_tree INTO: the files that git knows, as they are now.
copy_tree() {
  git ls-files -z | while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done | xargs -0 cp --parents -t "$1"
}

# mutate TREE LIST FOLDER NAMESPACE: makes every change of the list (see checks.tsv), each where VERIFIER_MUTANT is its name; the question is a
# class in that folder and namespace.
mutate() {
  local tree=$1 list=$2 folder=$3 namespace=$4 check file original replacement
  cat >"$tree/$folder/Mutant.cs" <<CODE
namespace $namespace;

internal static class Mutant
{
    private static readonly string? Chosen = System.Environment.GetEnvironmentVariable("VERIFIER_MUTANT");

    public static bool Is(string check) => Chosen == check;
}
CODE
  while IFS=$'\t' read -r check file original replacement _; do
    [[ $check != \#* ]] || continue
    CHECK=$check ORIGINAL=$original REPLACEMENT=$replacement NAMESPACE=$namespace perl -0777 -i -pe '
      BEGIN { ($from, $to) = @ENV{"ORIGINAL", "REPLACEMENT"}; $to =~ s/MUTANT/global::$ENV{NAMESPACE}.Mutant.Is("$ENV{CHECK}")/g; }
      $found = () = /\Q$from\E/g;
      die "error: $ENV{CHECK}: found $found times in $ARGV, not once: $from\n" if $found != 1;
      s/\Q$from\E/$to/;' "$tree/$file"
  done <"$list"
}
