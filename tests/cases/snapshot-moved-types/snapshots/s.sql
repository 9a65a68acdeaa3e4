{% snapshot types %}
{{ config(unique_key='id', strategy='check', check_cols='all') }}
select 1 as id, {% if var('size', 1) is string %}'{{ var('size') }}'{% else %}{{ var('size', 1) }}{% endif %} as v
{% endsnapshot %}
