select
    promotions.promotion_name,
    promotions.promotion_type,
    promotions.discount_percentage,
    count(distinct sales.transaction_id) as transactions,
    cast(sum(sales.quantity) as signed) as units_sold,
    sum(sales.total_amount) as revenue,
    sum(sales.discount_amount) as total_discounts,
    sum(sales.profit) as profit,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin
from `retail`.`fact_sales` as sales
inner join `retail`.`dim_promotion` as promotions on sales.promotion_key = promotions.promotion_key
where promotions.promotion_id <> 'PROMO000'
group by promotions.promotion_name, promotions.promotion_type, promotions.discount_percentage
order by revenue desc, promotions.promotion_name, promotions.promotion_type, promotions.discount_percentage
