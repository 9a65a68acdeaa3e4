{% if true %}select {{ twice(colum='a') }}{% endif %}
