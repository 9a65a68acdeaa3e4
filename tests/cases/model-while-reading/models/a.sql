{{ config(tags=['x']) }}
select
    $${{ model.tags + ["y"] }}$$ as a,
    $${{ model.columns | tojson }} {{ model.config.meta | tojson }} {{ model.meta | tojson }} {{ model.description ~ "!" }} {{ model.depends_on.nodes | length }} {{ model.refs + [1] }}$$ as b
