select {{ label('a') }} as a, {{ label(nothing, '!') }} as b
