use std::io::{self, Read};

use encoding_rs::{BIG5, CoderResult, Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Charset;

/// Bytes decoded at a time.
const BUFFER: usize = 64 * 1024;

impl Charset {
    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Gb18030 => GB18030,
            Self::Big5 => BIG5,
            Self::Windows1252 => WINDOWS_1252,
        }
    }
}

/// Reads `inner` as UTF-8; what its charset does not know becomes U+FFFD.
pub(super) fn decoded<R: Read>(inner: R, charset: Charset) -> Decoded<R> {
    Decoded {
        inner,
        decoder: charset.encoding().new_decoder_with_bom_removal(),
        input: Pending::new(BUFFER),
        output: Pending::new(2 * BUFFER),
        state: State::Reading,
    }
}

/// Decodes the beginning of a text at once.
pub(super) fn decode(bytes: &[u8], charset: Charset) -> String {
    charset.encoding().decode_with_bom_removal(bytes).0.into_owned()
}

pub(super) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    input: Pending,
    /// Text on its way out: callers may ask for less than one character.
    output: Pending,
    state: State,
}

/// Bytes that are not used yet.
struct Pending {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Pending {
    fn new(size: usize) -> Self {
        Self { bytes: vec![0; size], start: 0, end: 0 }
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }
}

#[derive(PartialEq, Eq)]
enum State {
    Reading,
    /// All input is there; the decoder may still hold a character.
    Flushing,
    Done,
}

impl<R: Read> Decoded<R> {
    /// Decodes what fits; leaves `output` empty only at the end.
    fn fill(&mut self) -> io::Result<()> {
        while self.output.rest().is_empty() && self.state != State::Done {
            if self.input.rest().is_empty() && self.state == State::Reading {
                let count = self.inner.read(&mut self.input.bytes)?;
                (self.input.start, self.input.end) = (0, count);
                if count == 0 {
                    self.state = State::Flushing;
                }
            }
            let last = self.state == State::Flushing;
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(self.input.rest(), &mut self.output.bytes, last);
            self.input.start += read;
            (self.output.start, self.output.end) = (0, written);
            if last && result == CoderResult::InputEmpty {
                self.state = State::Done;
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill()?;
        let count = buffer.len().min(self.output.rest().len());
        buffer[..count].copy_from_slice(&self.output.rest()[..count]);
        self.output.start += count;
        Ok(count)
    }
}

/// Finds the charset of the beginning of a text; `None` where it is no text at all.
///
/// `whole`: nothing follows, so that a cut character at the end is an error too.
pub(super) fn detect(head: &[u8], whole: bool) -> Option<Charset> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return [Charset::Utf8, Charset::Utf16Le, Charset::Utf16Be]
            .into_iter()
            .find(|c| c.encoding() == encoding);
    }
    if let Some(charset) = utf16_without_mark(head) {
        return Some(charset);
    }
    if head.contains(&0) || control_share(head) > 0.02 {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(_) => return Some(Charset::Utf8),
        // Cut in the middle of a character.
        Err(error) if !whole && error.error_len().is_none() => return Some(Charset::Utf8),
        Err(_) => {}
    }
    Some(chinese(head).unwrap_or(Charset::Windows1252))
}

/// ASCII in UTF-16 has a zero in every other byte.
fn utf16_without_mark(head: &[u8]) -> Option<Charset> {
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    // Separators and line ends alone are a tenth of any table.
    if second * 10 > pairs && first * 50 < pairs {
        Some(Charset::Utf16Le)
    } else if first * 10 > pairs && second * 50 < pairs {
        Some(Charset::Utf16Be)
    } else {
        None
    }
}

fn control_share(head: &[u8]) -> f64 {
    let controls = head.iter().filter(|b| **b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c)).count();
    controls as f64 / head.len().max(1) as f64
}

/// Tells GB18030 from Big5 by how many pairs of bytes are among the frequent characters of each.
fn chinese(head: &[u8]) -> Option<Charset> {
    let mut pairs = 0_u32;
    let (mut simplified, mut traditional) = (0_u32, 0_u32);
    let mut place = 0;
    while place + 1 < head.len() {
        let (lead, trail) = (head[place], head[place + 1]);
        if lead < 0x80 {
            place += 1;
            continue;
        }
        pairs += 1;
        // GB 2312 level 1: the 3,755 most frequent characters, and its punctuation.
        simplified += u32::from(matches!(lead, 0xb0..=0xd7 | 0xa1 | 0xa3) && trail >= 0xa1);
        // Big5 level 1: the 5,401 most frequent characters, and its punctuation.
        traditional +=
            u32::from(matches!(lead, 0xa1 | 0xa4..=0xc6) && (matches!(trail, 0x40..=0x7e) || trail >= 0xa1));
        place += 2;
    }
    if pairs == 0 || simplified.max(traditional) * 10 < pairs * 7 {
        return None;
    }
    Some(if simplified >= traditional { Charset::Gb18030 } else { Charset::Big5 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIMPLIFIED: &str = "会员编号,姓名,城市\n1001,王小明,杭州\n1002,李娜,上海\n";
    const TRADITIONAL: &str = "會員編號,姓名,城市\n1001,王小明,臺北\n1002,李娜,高雄\n";

    #[test]
    fn each_charset_is_found_and_read_back() {
        for (charset, text) in [
            (Charset::Utf8, SIMPLIFIED),
            (Charset::Gb18030, SIMPLIFIED),
            (Charset::Big5, TRADITIONAL),
            (Charset::Windows1252, "nom,ville\nRené,Orléans\n"),
        ] {
            let bytes = charset.encoding().encode(text).0;
            assert_eq!(detect(&bytes, true), Some(charset), "{charset}");
            let mut read = String::new();
            decoded(&bytes[..], charset).read_to_string(&mut read).expect("text");
            assert_eq!(read, text, "{charset}");
        }
    }

    #[test]
    fn utf16_is_found_with_and_without_its_mark() {
        let little: Vec<u8> = SIMPLIFIED.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = SIMPLIFIED.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(detect(&little, true), Some(Charset::Utf16Le));
        assert_eq!(detect(&big, true), Some(Charset::Utf16Be));
        let marked = [&[0xff, 0xfe][..], &little].concat();
        assert_eq!(detect(&marked, true), Some(Charset::Utf16Le));
        assert_eq!(decode(&marked, Charset::Utf16Le), SIMPLIFIED);
    }

    #[test]
    fn a_cut_character_is_no_other_charset_and_binary_is_no_text() {
        let bytes = SIMPLIFIED.as_bytes();
        assert_eq!(detect(&bytes[..4], false), Some(Charset::Utf8));
        assert_eq!(detect(&[0, 1, 2, 3, 0xff, 0xfe, 9, 0, 200, 17], true), None);
    }
}
