select {{ prefixed('b') }} as a
