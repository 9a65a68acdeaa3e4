// Scripts that make a shell complete `dwt`. They hold no names: at each Tab they ask `dwt __complete`, so they cannot go
// stale. It answers a line for each candidate, `value<Tab>description`; a line `:files` or `:dirs` asks for the shell's own
// completion of paths, `:open` says that no space follows.

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script, to be evaluated by the shell. */
export function completionScript(shell: Shell): string {
  return { bash: BASH, zsh: ZSH, fish: FISH }[shell];
}

// Bash breaks words at colons too, so the words are taken from the line itself, quotes and all, and what stands before the last
// colon is taken off the candidates again; within an open quote it breaks none, and puts a candidate behind the quote. Written
// for bash 3.2, which macOS has.
const BASH = `_dwt() {
  local line="\${COMP_LINE:0:COMP_POINT}" word value c i quote="" cur="" before="" begun=""
  local -a words
  words=()
  for ((i = 0; i < \${#line}; i++)); do
    c="\${line:i:1}"
    if [[ -n "$quote" ]]; then
      if [[ "$c" == "$quote" ]]; then quote=""; else cur+="$c"; fi
    elif [[ "$c" == '"' || "$c" == "'" ]]; then
      quote="$c" before="$cur" begun=1
    elif [[ "$c" == '\\' ]]; then
      i=$((i + 1)) cur+="\${line:i:1}" begun=1
    elif [[ "$c" == [[:space:]] ]]; then
      [[ -n "$begun" ]] && words+=("$cur")
      cur="" begun=""
    else
      cur+="$c" begun=1
    fi
  done
  words+=("$cur")
  local cut="\${cur%"\${cur##*[:=]}"}"
  [[ "$COMP_WORDBREAKS" == *:* ]] || cut="\${cut##*=}"
  [[ -n "$quote" ]] && cut="$before"
  COMPREPLY=()
  while IFS= read -r word; do
    value="\${word%%$'\\t'*}"
    case "$value" in
      :files) compopt -o default 2>/dev/null ;;
      :dirs) compopt -o dirnames 2>/dev/null ;;
      :open) compopt -o nospace 2>/dev/null ;;
      *) COMPREPLY+=("\${value#"$cut"}") ;;
    esac
  done < <(command "\${words[0]}" __complete "\${words[@]:1}" 2>/dev/null)
}
complete -F _dwt dwt
`;

const ZSH = `#compdef dwt
_dwt() {
  local line value files dirs
  local -a plain open described described_open suffix
  suffix=()
  local word="\${(Q)words[CURRENT]}"
  if [[ -n "\${compstate[quote]}" ]]; then word="\${word#\${compstate[quote]}}"; else suffix=(-Q); fi
  while IFS= read -r line; do
    value="\${line%%$'\\t'*}"
    case "$value" in
      :files) files=1 ;;
      :dirs) dirs=1 ;;
      :open) suffix+=(-S '') ;;
      *) plain+=("$value"); if [[ "$line" == *$'\\t'* ]]; then described+=("$value  -- \${line#*$'\\t'}"); else described+=("$value"); fi ;;
    esac
  done < <(command "\${(Q)words[1]}" __complete "\${(@Q)words[2,CURRENT-1]}" "$word" 2>/dev/null)
  (( \${#plain} )) && compadd -U -l "\${suffix[@]}" -d described -a plain
  [[ -n $files ]] && _files
  [[ -n $dirs ]] && _files -/
  return 0
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u; }
compdef _dwt dwt
`;

const FISH = `function __dwt_complete
    set -l words (commandline -opc) (string replace -r '^["\\']' '' -- (commandline -ct))
    for line in (command $words[1] __complete $words[2..-1] 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path (commandline -ct)
            case :dirs
                __fish_complete_directories (commandline -ct)
            case :open
                true
            case '*'
                echo $line
        end
    end
end
complete -c dwt -f -a '(__dwt_complete)'
`;
