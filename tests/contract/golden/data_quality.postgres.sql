select
    metric,
    value
from (
    
    select
        1 as place,
        'Total Customers' as metric,
        cast(count(*) as decimal(18,2)) as value
    from "retail"."public"."dim_customer"
    
    where is_current and customer_key > 0
    
    
    union all
    
    
    select
        2 as place,
        'Total Products' as metric,
        cast(count(*) as decimal(18,2)) as value
    from "retail"."public"."dim_product"
    
    where is_current and product_key > 0
    
    
    union all
    
    
    select
        3 as place,
        'Total Stores' as metric,
        cast(count(*) as decimal(18,2)) as value
    from "retail"."public"."dim_store"
    
    where store_key > 0
    
    
    union all
    
    
    select
        4 as place,
        'Total Promotions' as metric,
        cast(count(*) as decimal(18,2)) as value
    from "retail"."public"."dim_promotion"
    
    where promotion_key > 0
    
    
    union all
    
    
    select
        5 as place,
        'Total Transactions' as metric,
        cast(count(distinct transaction_id) as decimal(18,2)) as value
    from "retail"."public"."fact_sales"
    
    
    union all
    
    
    select
        6 as place,
        'Total Sales Rows' as metric,
        cast(count(*) as decimal(18,2)) as value
    from "retail"."public"."fact_sales"
    
    
    union all
    
    
    select
        7 as place,
        'Total Revenue' as metric,
        cast(coalesce(sum(total_amount), 0) as decimal(18,2)) as value
    from "retail"."public"."fact_sales"
    
    
    union all
    
    
    select
        8 as place,
        'Total Profit' as metric,
        cast(coalesce(sum(profit), 0) as decimal(18,2)) as value
    from "retail"."public"."fact_sales"
    
    
    
) as counted
order by place
