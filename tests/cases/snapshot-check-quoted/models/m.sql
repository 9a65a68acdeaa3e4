select 'z''s' as v union all select 'a'
