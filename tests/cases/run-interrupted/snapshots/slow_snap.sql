{% snapshot slow_snap %}
{{ config(unique_key='n', strategy='check', check_cols='all') }}
select count(*) as n from range({{ var('size', 1) }}) a, range({{ var('size', 1) }}) b, {{ ref('done') }}
{% endsnapshot %}
