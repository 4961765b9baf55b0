//! Table (可见表): a table as whoever asks may see it, on every path.
//!
//! Rows are narrowed and hidden columns are empty inside a plan of its own, behind a wall. Of a question's conditions only
//! those are passed in that cannot fail on any row: an error of a cast would tell of rows that nobody may see.

use std::sync::Arc;

use arrow_schema::{Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Column, ScalarValue};
use datafusion::datasource::provider_as_source;
use datafusion::error::Result;
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::expr_rewriter::unnormalize_col;
use datafusion::logical_expr::{
    Between, BinaryExpr, Expr, JoinType, LogicalPlan, LogicalPlanBuilder, Operator, ScalarUDF,
    TableProviderFilterPushDown, TableType, ident, lit,
};
use datafusion::physical_plan::ExecutionPlan;
use kernel::{Id, Scope};
use lake::sql::{Filled, Rows, Seen, Table, TableColumn};

use super::exec::{Opened, Wall};
use super::files::Files;
use super::functions::IdText;
use crate::copy::kind;

/// A table as somebody may see it.
#[derive(Debug)]
pub struct Sight {
    pub seen: Seen,
    pub base: Arc<Files>,
    /// The table of people, where rows are narrowed by it.
    pub people: Option<(Table, Arc<Files>)>,
    /// Finds the person of a node.
    pub person_of: Option<Arc<ScalarUDF>>,
    pub schema: SchemaRef,
    pub opened: Arc<Opened>,
}

/// Returns the columns of a table as questions see them.
pub fn schema(table: &Table) -> SchemaRef {
    let fields: Vec<Field> =
        table.columns.iter().map(|column| Field::new(column.name, kind(column.kind), true)).collect();
    Arc::new(Schema::new(fields))
}

impl Sight {
    /// Returns the plan of the rows and values that may be seen, cut by conditions that cannot fail.
    fn plan(&self, filters: &[Expr]) -> Result<LogicalPlan> {
        let table = &self.seen.table;
        let mut plan = scan(table, &self.base)?;
        if let Rows::Within(scope) = &self.seen.rows {
            plan = plan.filter(within(table, scope))?;
        }
        let columns = table.columns.iter().map(|column| Ok(self.value(column)?.alias(column.name)));
        plan = plan.project(columns.collect::<Result<Vec<_>>>()?)?;
        if let (Rows::OfPeople(scope), Some((people, files))) = (&self.seen.rows, &self.people) {
            let theirs = scan(people, files)?
                .filter(within(people, scope))?
                .project(vec![ident("id").alias("seen_person")])?
                .build()?;
            let on = (vec![Column::from_name("profile_id")], vec![Column::from_name("seen_person")]);
            plan = plan.join(theirs, JoinType::LeftSemi, on, None)?;
        }
        for filter in filters {
            plan = plan.filter(unnormalize_col(filter.clone()))?;
        }
        plan.build()
    }

    fn value(&self, column: &TableColumn) -> Result<Expr> {
        if self.seen.masks(column) {
            return Ok(lit(ScalarValue::try_from(&kind(column.kind))?));
        }
        Ok(match (column.filled, &self.person_of) {
            (Filled::Stored, _) => ident(column.name),
            (Filled::Id(name), _) => IdText::function().call(vec![ident(name)]),
            (Filled::Person(node), Some(person_of)) => person_of.call(vec![ident(node)]),
            (Filled::Person(_), None) => lit(ScalarValue::Utf8(None)),
        })
    }
}

fn scan(table: &Table, files: &Arc<Files>) -> Result<LogicalPlanBuilder> {
    LogicalPlanBuilder::scan(table.name, provider_as_source(files.clone()), None)
}

/// Says which rows a scope holds, by the columns that the table has: as lists do.
fn within(table: &Table, scope: &Scope) -> Expr {
    if scope.everything {
        return lit(true);
    }
    let has = |name: &str| table.columns.iter().any(|column| column.name == name);
    let one_of = |name: &str, ids: &[Id]| {
        let ids: Vec<Expr> = ids.iter().map(|id| lit(id.to_string())).collect();
        (has(name) && !ids.is_empty()).then(|| ident(name).in_list(ids, false))
    };
    let owner: Vec<Id> = scope.owner.into_iter().collect();
    let parts = [
        one_of("brand_id", &scope.brands),
        one_of("department_id", &scope.departments),
        one_of("owner_id", &owner),
    ];
    parts.into_iter().flatten().reduce(Expr::or).unwrap_or_else(|| lit(false))
}

#[async_trait]
impl TableProvider for Sight {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::View
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let passed = |filter: &&Expr| match harmless(filter) {
            true => TableProviderFilterPushDown::Exact,
            false => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(passed).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut plan = LogicalPlanBuilder::from(self.plan(filters)?);
        let mut schema = self.schema.clone();
        if let Some(places) = projection {
            schema = Arc::new(self.schema.project(places)?);
            plan = plan.project(schema.fields().iter().map(|field| ident(field.name().as_str())))?;
        }
        if limit.is_some() {
            plan = plan.limit(0, limit)?;
        }
        let inner = state.create_physical_plan(&plan.build()?).await?;
        Ok(Arc::new(Wall::new(self.seen.table.name, inner, schema, self.opened.clone())))
    }
}

/// Returns true for conditions that cannot fail, whatever the row: comparisons of columns with values.
fn harmless(filter: &Expr) -> bool {
    let column = |expr: &Expr| matches!(expr, Expr::Column(_));
    let value = |expr: &Expr| matches!(expr, Expr::Literal(..));
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::And | Operator::Or, right }) => {
            harmless(left) && harmless(right)
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let sides = (column(left) && value(right)) || (value(left) && column(right));
            let compares = op.supports_propagation() || matches!(op, Operator::NotEq);
            sides && compares
        }
        Expr::Not(inner) => harmless(inner),
        Expr::IsNull(inner) | Expr::IsNotNull(inner) => column(inner),
        Expr::InList(InList { expr, list, .. }) => column(expr) && list.iter().all(value),
        Expr::Between(Between { expr, low, high, .. }) => column(expr) && value(low) && value(high),
        Expr::Like(like) => column(&like.expr) && value(&like.pattern),
        Expr::Column(_) | Expr::Literal(..) => true,
        _ => false,
    }
}

/// Returns the earliest and the latest `happened_at` that conditions let through, in milliseconds.
pub fn times(filters: &[Expr]) -> (i64, i64) {
    let mut span = (i64::MIN, i64::MAX);
    filters.iter().for_each(|filter| narrow(filter, &mut span));
    span
}

fn narrow(filter: &Expr, span: &mut (i64, i64)) {
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
            narrow(left, span);
            narrow(right, span);
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => match (is_time(left), at(right)) {
            (true, Some(at)) => bound(*op, at, span),
            _ => {
                if let (true, Some(at), Some(op)) = (is_time(right), at(left), op.swap()) {
                    bound(op, at, span);
                }
            }
        },
        Expr::Between(Between { expr, negated: false, low, high }) if is_time(expr) => {
            if let (Some(low), Some(high)) = (at(low), at(high)) {
                bound(Operator::GtEq, low, span);
                bound(Operator::LtEq, high, span);
            }
        }
        _ => {}
    }
}

fn bound(op: Operator, at: i64, span: &mut (i64, i64)) {
    match op {
        Operator::Gt | Operator::GtEq => span.0 = span.0.max(at),
        Operator::Lt | Operator::LtEq => span.1 = span.1.min(at),
        Operator::Eq => *span = (span.0.max(at), span.1.min(at)),
        _ => {}
    }
}

fn is_time(expr: &Expr) -> bool {
    matches!(expr, Expr::Column(column) if column.name == "happened_at")
}

fn at(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Literal(ScalarValue::TimestampMillisecond(at, _), _) => *at,
        _ => None,
    }
}
