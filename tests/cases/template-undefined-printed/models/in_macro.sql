select {{ prefixed('a') }} as a
