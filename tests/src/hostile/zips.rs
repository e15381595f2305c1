//! Archives that lie about what is in them.

use super::{Class::Zip as Archive, Entry, Handed, HostileFile, Zip, shapefiles::Set};

pub(super) fn files() -> Vec<HostileFile> {
    let refused = |name, zip: Zip| HostileFile::refused(Archive, Handed::Boundaries, name, "bad_zip", zip.bytes());
    let with = |entry: Entry| Zip::of([Set::sound().entries(), vec![entry]].concat());
    let named = |name: &str| with(Entry::of(name, b"x"));
    let text = || Entry::of("notes.txt", b"some text");
    let set = || Set::sound().entries();
    let first = |change: &dyn Fn(&mut Entry)| {
        let mut entries = set();
        change(&mut entries[0]);
        Zip::of(entries)
    };
    let zeros = |n: usize| Entry::of("s.shp", &vec![0; n]);
    let replaced = |entry: Entry| Zip::of([vec![entry], set().split_off(1)].concat());
    let again = Zip { comment: Zip::of(vec![text()]).bytes(), ..Zip::of(set()) };
    let files: Vec<Entry> = (0..65).map(|n| Entry::of(&format!("{n}.txt"), b"x")).collect();
    vec![
        refused("slip.zip", named("../../evil.shp")),
        refused("slip_of_windows.zip", named("..\\evil.shp")),
        refused("from_the_root.zip", named("/etc/cron.d/evil")),
        refused("drive.zip", named("C:\\evil.shp")),
        refused("slip_inside.zip", named("a/../../evil.shp")),
        refused("nul_in_a_name.zip", named("s.shp\0.txt")),
        refused("link.zip", with(Entry { mode: 0o120_777, ..Entry::of("link.shp", b"/etc/passwd") })),
        refused("device.zip", with(Entry { mode: 0o020_666, ..text() })),
        refused("encrypted.zip", with(Entry { flags: 1, ..text() })),
        refused("unusual_method.zip", with(Entry { method: 99, ..text() })),
        refused("entries.zip", Zip::of(files)),
        refused("twice.zip", with(Entry::of("s.shp", b"another"))),
        refused("twice_but_for_case.zip", with(Entry::of("S.SHP", b"another"))),
        refused("twice_in_folders.zip", named("other/s.shp")),
        refused("states_more.zip", first(&|e| *e = e.clone().stating(e.stated + 1000))),
        refused("states_less.zip", first(&|e| *e = e.clone().stating(10))),
        refused("local_size_differs.zip", first(&|e| e.local_stated += 1)),
        refused("local_name_differs.zip", first(&|e| e.local_name = Some(b"t.shp".to_vec()))),
        refused("checksum.zip", first(&|e| e.crc ^= 1)),
        refused("overlapping_fields.zip", quoted()),
        refused("bomb.zip", replaced(zeros(8 << 20))),
        refused("bomb_that_lies.zip", replaced(zeros(64 << 20).stating(4_000))),
        refused(
            "bomb_of_many.zip",
            Zip::of(
                (0..60).map(|n| Entry { name: format!("{n}.txt").into_bytes(), ..text() }.stating(1 << 30)).collect(),
            ),
        ),
        refused("another_table_in_the_comment.zip", again),
        refused("bytes_before.zip", Zip { before: b"PK\x03\x04 what is this".to_vec(), ..Zip::of(set()) }),
        refused("of_64_bits.zip", Zip { count: Some(u16::MAX), ..Zip::of(set()) }),
        refused("more_entries_than_there_are.zip", Zip { count: Some(40), ..Zip::of(set()) }),
        HostileFile::refused(
            Archive,
            Handed::Boundaries,
            "nested.zip",
            "no_shapefile",
            Zip::of(vec![Entry::of("inner.zip", &Zip::of(set()).bytes())]).bytes(),
        ),
        HostileFile::refused(Archive, Handed::Boundaries, "no_entries.zip", "no_shapefile", Zip::default().bytes()),
        HostileFile::refused(
            Archive,
            Handed::Boundaries,
            "cut.zip",
            "bad_zip",
            Zip::of(set()).bytes().into_iter().take(400).collect(),
        ),
    ]
}

/// Two entries of which the first counts the second's header among its own further fields.
fn quoted() -> Zip {
    let inner = Entry::of("s.dbf", b"inner");
    let alone = Zip::of(vec![inner.clone()]).bytes();
    let header = alone.iter().copied().take(35 + inner.packed.len()).collect();
    let outer = Entry { further: header, ..Entry::of("s.shp", b"outer") };
    let place = u32::try_from(30 + outer.name.len()).expect("it is small");
    Zip::of(vec![outer, Entry { at: Some(place), ..inner }])
}
