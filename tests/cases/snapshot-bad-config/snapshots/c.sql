{% snapshot c %}
{{ config(unique_key='id', strategy='tmestamp', updated_at='id') }}
select 1 as id
{% endsnapshot %}
