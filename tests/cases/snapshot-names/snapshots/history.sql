{% snapshot history %}
{{ config(
    unique_key='id', strategy='timestamp', updated_at='updated_at', hard_deletes='new_record',
    dbt_valid_to_current="'9999-12-31'::timestamp",
    snapshot_meta_column_names={
        'dbt_valid_from': 'valid_from', 'dbt_valid_to': 'valid_to', 'dbt_scd_id': 'scd_id',
        'dbt_updated_at': 'changed_at', 'dbt_is_deleted': 'is_deleted'
    }
) }}
select * from {{ ref('people') }}
{% endsnapshot %}
