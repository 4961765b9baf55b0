//! Leaves (叶节点): what every plan says of itself that has no plans below it.

use std::sync::Arc;

pub use datafusion::common::tree_node::TreeNodeRecursion as Recursion;
pub use datafusion::error::Result;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::ExecutionPlan;
pub use datafusion::physical_plan::{ChildrenPropertiesMode as Mode, ReplaceChildrenOptions as Options};

/// Any plan.
pub type Child = Arc<dyn ExecutionPlan>;
/// Any expression of a plan.
pub type Expression = Arc<dyn PhysicalExpr>;

/// The methods of a plan that has no children: nothing to replace, nothing to look through.
macro_rules! without_children {
    () => {
        fn children(&self) -> Vec<&super::leaf::Child> {
            vec![]
        }

        fn apply_expressions(
            &self,
            _: &mut dyn FnMut(&super::leaf::Expression) -> super::leaf::Result<super::leaf::Recursion>,
        ) -> super::leaf::Result<super::leaf::Recursion> {
            Ok(super::leaf::Recursion::Continue)
        }

        fn replace_children(
            self: Arc<Self>,
            _: Vec<super::leaf::Child>,
            _: super::leaf::Options,
        ) -> super::leaf::Result<super::leaf::Child> {
            Ok(self)
        }

        fn with_new_children(
            self: Arc<Self>,
            children: Vec<super::leaf::Child>,
        ) -> super::leaf::Result<super::leaf::Child> {
            self.replace_children(children, super::leaf::Options::new(super::leaf::Mode::Recompute))
        }
    };
}

pub(super) use without_children;
