use customers::profile::ProfileFilter;
use http_kit::App;
use kernel::{Caller, Result};
use tabular::export::{ExportFormat, Exported};

/// List that can be written into a file from the command line (导出对象).
#[derive(Clone, Debug)]
pub enum Wanted {
    /// Customers; with the name or id of a segment, its members.
    Customers {
        /// The segment.
        segment: Option<String>,
    },
    /// Orders.
    Orders,
    /// Products.
    Products,
}

/// Writes a list into a file, as the caller may see it; `seen` is told how many rows are written so far.
pub async fn export(
    app: &App,
    caller: &Caller,
    wanted: &Wanted,
    format: ExportFormat,
    seen: impl FnMut(u64) + Send,
) -> Result<Exported> {
    match wanted {
        Wanted::Customers { segment } => {
            let segment_id = match segment {
                Some(name) => Some(customers::segment::find(app, caller, name).await?),
                None => None,
            };
            let filter = ProfileFilter { segment_id, ..ProfileFilter::default() };
            customers::profile::export_file(app, caller, &filter, format, seen).await
        }
        Wanted::Orders => {
            sales::order::export_file(app, caller, &sales::order::OrderFilter::default(), format, seen).await
        }
        Wanted::Products => {
            catalog::export_file(app, caller, &catalog::ProductFilter::default(), format, seen).await
        }
    }
}
