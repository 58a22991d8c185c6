#compdef logctl
# Completion of logctl for zsh; made by `logctl completions zsh`, do not edit.

@TABLES@
# Ids that the store knows, asked from the binary with the configuration on the line.
_logctl_ids() {
  local -a ids
  ids=(${(f)"$(${(Q)words[1]} complete $1 $logctl_globals 2>/dev/null)"})
  compadd -- $ids
}

# _logctl_offer KIND...: candidates for the value under the cursor
_logctl_offer() {
  local kind=$1
  shift
  case $kind in
    words) compadd -- $@ ;;
    ids)
      _logctl_ids $1
      (( $# > 1 )) && compadd -- ${@[2,-1]} ;;
    list)
      # The last one of the list; a comma may follow.
      compset -P '*,'
      compadd -S '' -- $@ ;;
    starts) compadd -S '' -- $@ ;;
    settings) compadd -S '' -- $logctl_settings ;;
    folders) _files -/ ;;
    files) _files ;;
    *) _message 'value' ;;
  esac
}

_logctl() {
  local place='' word value='' kind=''
  local -a subcommands flags operands logctl_globals
  integer i given=0
  _logctl_place ''
  for ((i = 2; i < CURRENT; ++i)); do
    word=${words[i]}
    if [[ -n $value ]]; then
      [[ $value == (--config|--set) ]] && logctl_globals+=($value ${(Q)word})
      value=''
      continue
    fi
    case $word in
      --*=*)
        [[ $word == --(config|set)=* ]] && logctl_globals+=(${(Q)word}) ;;
      -*)
        _logctl_value "$place" $word
        [[ -n $kind ]] && value=$word ;;
      *)
        if [[ -n ${(M)subcommands:#${word}:*} ]]; then
          place=${place:+$place }$word
          _logctl_place "$place"
          given=0
        else
          (( ++given ))
        fi ;;
    esac
  done
  word=${words[CURRENT]}
  if [[ -n $value ]]; then
    _logctl_value "$place" $value
    _logctl_offer ${=kind}
  elif [[ $word == --*=* ]]; then
    _logctl_value "$place" ${word%%=*}
    compset -P '*='
    _logctl_offer ${=kind}
  elif [[ $word == -* ]]; then
    _describe -o option flags
  elif (( ${#subcommands} && given == 0 )); then
    _describe command subcommands
  elif (( ${#operands} )); then
    (( given >= ${#operands} )) && given=$(( ${#operands} - 1 ))
    _logctl_offer ${=operands[given + 1]}
  fi
}

# As an autoloaded function, or sourced.
if [[ $funcstack[1] == _logctl ]]; then
  _logctl "$@"
else
  compdef _logctl logctl
fi
