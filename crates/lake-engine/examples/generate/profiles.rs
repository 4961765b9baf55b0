use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, FixedSizeBinaryArray, Float64Array, Int32Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use arrow_schema::extension::Uuid;
use arrow_schema::{Field, Schema};
use kernel::DAY_MS;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::random::Random;
use crate::world::{FROM, Person, World};

const CITIES: u64 = 60;
const PIECE: usize = 65_536;

/// Writes a row of twenty columns for each person, in the order of their nodes.
pub fn write(world: &World, file: &Path) -> anyhow::Result<()> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(PIECE))
        .build();
    let mut writer: Option<ArrowWriter<File>> = None;
    for people in world.people.chunks(PIECE) {
        let batch = columns(world.seed, people)?;
        match &mut writer {
            Some(writer) => writer.write(&batch)?,
            none => {
                let begun =
                    ArrowWriter::try_new(File::create(file)?, batch.schema(), Some(properties.clone()))?;
                none.insert(begun).write(&batch)?;
            }
        }
    }
    if let Some(writer) = writer {
        writer.close()?;
    }
    Ok(())
}

fn columns(seed: u64, people: &[Person]) -> anyhow::Result<RecordBatch> {
    let each = |column: u64| people.iter().map(move |person| Random::of(seed, &[3, person.number, column]));
    let text = |column: u64, word: &'static str, of: u64| -> ArrayRef {
        let words = each(column).map(|mut random| format!("{word} {}", random.skewed(of)));
        Arc::new(StringArray::from_iter_values(words))
    };
    let number = |column: u64, least: i32, of: u64| -> ArrayRef {
        let numbers = each(column).map(|mut random| least + random.below(of) as i32);
        Arc::new(Int32Array::from_iter_values(numbers))
    };
    let yes = |column: u64, chance: f64| -> ArrayRef {
        Arc::new(BooleanArray::from_iter(each(column).map(|mut random| Some(random.chance(chance)))))
    };
    let time = |column: u64| -> ArrayRef {
        let times = each(column).map(|mut random| FROM - random.below(1_500 * DAY_MS as u64) as i64);
        Arc::new(TimestampMillisecondArray::from_iter_values(times).with_timezone("UTC"))
    };
    let score = |column: u64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(each(column).map(|mut random| random.unit())))
    };
    let nodes = FixedSizeBinaryArray::try_from_iter(people.iter().map(|person| person.node.bytes()))?;
    let named: Vec<(&str, ArrayRef)> = vec![
        ("node", Arc::new(nodes)),
        ("city", text(1, "city", CITIES)),
        ("province", text(2, "province", 30)),
        ("gender", text(3, "gender", 3)),
        ("level", text(4, "level", 5)),
        ("channel", text(5, "channel", 8)),
        ("store", text(6, "store", 800)),
        ("language", text(7, "language", 4)),
        ("age", number(8, 16, 60)),
        ("birth_month", number(9, 1, 12)),
        ("points", number(10, 0, 20_000)),
        ("orders", number(11, 0, 40)),
        ("credit", number(12, 300, 600)),
        ("mail_agreed", yes(13, 0.6)),
        ("sms_agreed", yes(14, 0.4)),
        ("is_member", yes(15, 0.3)),
        ("registered_at", time(16)),
        ("changed_at", time(17)),
        ("churn", score(18)),
        ("affinity", score(19)),
    ];
    let (names, columns): (Vec<&str>, Vec<ArrayRef>) = named.into_iter().unzip();
    let fields = names.into_iter().zip(&columns).map(|(name, column)| {
        let field = Field::new(name, column.data_type().clone(), false);
        if name == "node" { field.with_extension_type(Uuid) } else { field }
    });
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), columns)?)
}
