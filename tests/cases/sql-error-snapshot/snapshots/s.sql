{% snapshot orders_history %}
{{ config(unique_key='id', strategy='timestamp', updated_at='updated_at') }}

select
    1 as id,
    nothing as updated_at
{% endsnapshot %}
