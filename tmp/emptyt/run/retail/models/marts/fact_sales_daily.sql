create temporary table "temp"."main"."fact_sales_daily__dwt_tmp" as (
with daily as (
    select
        date_key,
        store_key,
        product_key,
        cast(sum(quantity) as bigint) as total_quantity,
        cast(sum(total_amount) as decimal(15,2)) as total_revenue,
        cast(sum(profit) as decimal(15,2)) as total_profit,
        count(distinct transaction_id) as transaction_count
    from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
    group by date_key, store_key, product_key
)

select
    date_key,
    store_key,
    product_key,
    total_quantity,
    total_revenue,
    total_profit,
    transaction_count
from daily

-- only what is new or has changed is written; what has gone, as when a line moves to another day, is deleted afterwards
except

select
    date_key,
    store_key,
    product_key,
    total_quantity,
    total_revenue,
    total_profit,
    transaction_count
from "retail"."main"."fact_sales_daily"
);

merge into "retail"."main"."fact_sales_daily" as DBT_INTERNAL_DEST
using "temp"."main"."fact_sales_daily__dwt_tmp" as DBT_INTERNAL_SOURCE
on ((DBT_INTERNAL_SOURCE."date_key" = DBT_INTERNAL_DEST."date_key") and (DBT_INTERNAL_SOURCE."store_key" = DBT_INTERNAL_DEST."store_key") and (DBT_INTERNAL_SOURCE."product_key" = DBT_INTERNAL_DEST."product_key"))
when matched then update set "total_quantity" = DBT_INTERNAL_SOURCE."total_quantity", "total_revenue" = DBT_INTERNAL_SOURCE."total_revenue", "total_profit" = DBT_INTERNAL_SOURCE."total_profit", "transaction_count" = DBT_INTERNAL_SOURCE."transaction_count"
when not matched then insert ("date_key", "store_key", "product_key", "total_quantity", "total_revenue", "total_profit", "transaction_count") values (DBT_INTERNAL_SOURCE."date_key", DBT_INTERNAL_SOURCE."store_key", DBT_INTERNAL_SOURCE."product_key", DBT_INTERNAL_SOURCE."total_quantity", DBT_INTERNAL_SOURCE."total_revenue", DBT_INTERNAL_SOURCE."total_profit", DBT_INTERNAL_SOURCE."transaction_count");

drop table if exists "temp"."main"."fact_sales_daily__dwt_tmp";

delete from "retail"."main"."fact_sales_daily"
        where not exists (
            select 1
            from (
                select date_key as sold_on, store_key as sold_in, product_key as product_sold
                from (select * from "retail"."main"."fact_sales" where false limit 0)
            ) as sold
            where sold_on = date_key and sold_in = store_key and product_sold = product_key
        );
