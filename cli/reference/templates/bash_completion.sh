# Completion of logctl for bash; made by `logctl completions bash`, do not edit.
# shellcheck shell=bash disable=SC2207

@TABLES@
# Ids that the store knows, asked from the binary with the configuration on the line.
_logctl_ids() {
  "${COMP_WORDS[0]}" complete "$1" ${_logctl_globals[@]+"${_logctl_globals[@]}"} 2>/dev/null
}

# _logctl_offer KIND...: candidates for the value under the cursor
_logctl_offer() {
  local kind=$1
  shift
  case $kind in
    words) COMPREPLY=($(compgen -W "$*" -- "$cur")) ;;
    ids) COMPREPLY=($(compgen -W "$(_logctl_ids "$1") ${*:2}" -- "$cur")) ;;
    list)
      # The last one of the list; a comma may follow.
      compopt -o nospace 2>/dev/null
      COMPREPLY=($(compgen -P "${cur%"${cur##*,}"}" -W "$*" -- "${cur##*,}")) ;;
    starts)
      compopt -o nospace 2>/dev/null
      COMPREPLY=($(compgen -W "$*" -- "$cur")) ;;
    settings) _logctl_offer starts "$_logctl_settings" ;;
    folders)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -d -- "$cur")) ;;
    files)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$cur")) ;;
  esac
}

_logctl() {
  local cur=${COMP_WORDS[COMP_CWORD]} place='' word value='' i given=0
  local _logctl_commands _logctl_options _logctl_kind _logctl_arguments _logctl_globals=()
  COMPREPLY=()
  _logctl_place ''
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [[ -n $value ]]; then
      [[ $word == = ]] && continue
      case $value in
        --config) _logctl_globals+=(--config "$word") ;;
        --set)
          # Bash cuts KEY=VALUE into three words.
          if [[ ${COMP_WORDS[i + 1]-} == = ]]; then
            word+="=${COMP_WORDS[i + 2]-}"
            ((i += 2))
          fi
          _logctl_globals+=(--set "$word") ;;
      esac
      value=''
      continue
    fi
    case $word in
      -*)
        _logctl_value "$place" "$word"
        [[ -n $_logctl_kind ]] && value=$word ;;
      *)
        if [[ " $_logctl_commands " == *" $word "* ]]; then
          place=${place:+$place }$word
          _logctl_place "$place"
          given=0
        else
          given=$((given + 1))
        fi ;;
    esac
  done
  if [[ -n $value ]]; then
    [[ $cur == = ]] && cur=''
    _logctl_value "$place" "$value"
    # shellcheck disable=SC2086  # the kind is words on purpose
    _logctl_offer $_logctl_kind
  elif [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$_logctl_options" -- "$cur"))
  elif [[ -n $_logctl_commands && $given == 0 ]]; then
    COMPREPLY=($(compgen -W "$_logctl_commands" -- "$cur"))
  elif [[ ${#_logctl_arguments[@]} -gt 0 ]]; then
    # The last one may repeat.
    ((given >= ${#_logctl_arguments[@]})) && given=$((${#_logctl_arguments[@]} - 1))
    # shellcheck disable=SC2086
    _logctl_offer ${_logctl_arguments[given]}
  fi
}

complete -F _logctl logctl
