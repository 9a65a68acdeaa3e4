{% snapshot s_block %}
{{ config(strategy='timestamp', unique_key='id', updated_at='chaged_at') }}
select * from {{ ref('raw') }}
{% endsnapshot %}
