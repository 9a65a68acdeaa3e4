select
    stores.store_name,
    stores.store_type,
    stores.city,
    stores.state,
    count(distinct sales.transaction_id) as transactions,
    cast(sum(sales.quantity) as signed) as units_sold,
    sum(sales.total_amount) as revenue,
    sum(sales.profit) as profit,
    cast(round(cast(cast(sum(sales.profit) * 100 / nullif(sum(sales.total_amount), 0) as decimal(24,8)) as decimal(65,20)), 2) as decimal(15,2)) as profit_margin_pct,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin,
    cast(round(cast(cast(sum(sales.margin) * 100 / nullif(sum(sales.net_amount), 0) as decimal(24,8)) as decimal(65,20)), 2) as decimal(15,2)) as margin_pct
from `retail`.`fact_sales` as sales
inner join `retail`.`dim_store` as stores on sales.store_key = stores.store_key
group by stores.store_name, stores.store_type, stores.city, stores.state
order by revenue desc, stores.store_name, stores.store_type, stores.city, stores.state
