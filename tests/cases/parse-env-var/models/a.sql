select
    '{{ env_var("SHOP_NOTHING", "default") }}' as fallback,
    '{{ env_var("SHOP_REGION") }}' as region
