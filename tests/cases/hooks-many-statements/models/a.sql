{{ config(pre_hook="insert into noted values (1, 'a;b'); insert into noted values (2, '-- no comment');", post_hook=["", "insert into noted values (3, 'last')"]) }}
select 1 as id
