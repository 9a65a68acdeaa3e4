select {{ twice(‘a’) }}
