select {{ twice(“a”) }}
