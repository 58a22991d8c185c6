# Completion of logctl for fish; made by `logctl completions fish`, do not edit.

@TABLES@
# The command that the words so far name; on a second line how many arguments follow it.
function __logctl_place
    set -l place
    set -l given 0
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case '--*=*'
            case '-*'
                contains -- "$place:$word" $__logctl_valued; and set skip 1
            case '*'
                set -l next (string trim -- "$place $word")
                if contains -- "$next" $__logctl_commands
                    set place $next
                    set given 0
                else
                    set given (math $given + 1)
                end
        end
    end
    echo "$place"
    echo $given
end

# __logctl_at PLACE [FEWEST [MOST]]: is the cursor there, after so many arguments?
function __logctl_at
    set -l now (__logctl_place)
    test "$now[1]" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; or test $now[2] -ge $argv[2]; or return 1
    test (count $argv) -lt 3; or test $now[2] -le $argv[3]
end

# Ids that the store knows, asked from the binary with the configuration on the line.
function __logctl_ids
    set -l words (commandline -opc)
    set -l globals
    for i in (seq 2 (count $words))
        switch $words[$i]
            case --config --set
                set -l next (math $i + 1)
                set -q words[$next]; and set globals $globals $words[$i] $words[$next]
            case '--config=*' '--set=*'
                set globals $globals $words[$i]
        end
    end
    $words[1] complete $argv[1] $globals 2>/dev/null
end

# Continues a list with commas by each of the words.
function __logctl_list
    set -l before (string replace -r '^--[^=]*=' '' -- (commandline -ct) | string match -r '^.*,')
    for word in $argv
        echo "$before$word"
    end
end

complete -c logctl -f
