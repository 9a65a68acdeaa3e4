select
    dimension,
    orphaned_records,
    unknown_records
from (
    
    
    select
        1 as place,
        'date' as dimension,
        count(case when members.date_key is null then 1 end) as orphaned_records,
        count(case when sales.date_key = -1 then 1 end) as unknown_records
    from `retail`.`fact_sales` as sales
    left join `retail`.`dim_date` as members on sales.date_key = members.date_key
    
    union all
    
    
    
    select
        2 as place,
        'customer' as dimension,
        count(case when members.customer_key is null then 1 end) as orphaned_records,
        count(case when sales.customer_key = -1 then 1 end) as unknown_records
    from `retail`.`fact_sales` as sales
    left join `retail`.`dim_customer` as members on sales.customer_key = members.customer_key
    
    union all
    
    
    
    select
        3 as place,
        'product' as dimension,
        count(case when members.product_key is null then 1 end) as orphaned_records,
        count(case when sales.product_key = -1 then 1 end) as unknown_records
    from `retail`.`fact_sales` as sales
    left join `retail`.`dim_product` as members on sales.product_key = members.product_key
    
    union all
    
    
    
    select
        4 as place,
        'store' as dimension,
        count(case when members.store_key is null then 1 end) as orphaned_records,
        count(case when sales.store_key = -1 then 1 end) as unknown_records
    from `retail`.`fact_sales` as sales
    left join `retail`.`dim_store` as members on sales.store_key = members.store_key
    
    union all
    
    
    
    select
        5 as place,
        'promotion' as dimension,
        count(case when members.promotion_key is null then 1 end) as orphaned_records,
        count(case when sales.promotion_key = -1 then 1 end) as unknown_records
    from `retail`.`fact_sales` as sales
    left join `retail`.`dim_promotion` as members on sales.promotion_key = members.promotion_key
    
    
) as counts
order by place
