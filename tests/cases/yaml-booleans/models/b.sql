select 'N' as flag
