//! What the file of refused rows replaces, and what it does not.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::os::unix::fs::symlink;
use std::process::Command;

use super::super::LegacyFile;
use super::*;

fn rows() -> Vec<RejectedRow> {
    vec![RejectedRow { file: LegacyFile::Users, line: 2, reason: "no id".to_owned(), text: "x".to_owned() }]
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("cs12-refused-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn refusal(path: &Path) -> String {
    FileKey::of(path).unwrap_err().to_string()
}

/// By a link in a folder of the test's own: whatever goes wrong, the machine keeps its device.
#[test]
fn a_device_is_written_into_and_never_replaced() {
    assert_eq!(FileKey::of(Path::new("/dev/null")).unwrap(), FileKey::Device("/dev/null".into()));
    let folder = folder("device");
    let link = folder.join("link");
    symlink("/dev/null", &link).unwrap();
    let draft = RejectedFile::write(FileKey::of(&link).unwrap(), &rows()).unwrap().unwrap();
    assert_eq!(draft.finish().unwrap(), link);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no draft is left");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn directories_pipes_sockets_and_broken_links_are_refused_before_anything_is_written() {
    let folder = folder("refused");
    let [pipe, broken, socket] = ["pipe", "broken", "socket"].map(|name| folder.join(name));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    symlink(folder.join("nowhere"), &broken).unwrap();
    let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let there = fs::read_dir(&folder).unwrap().count();
    for (path, what) in [
        (&folder, "a directory"),
        (&pipe, "a pipe"),
        (&broken, "a link that leads nowhere"),
        (&socket, "no plain file"),
    ] {
        assert_eq!(refusal(path), format!("`--refused`: `{}` is {what}: name a plain file", path.display()));
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), there);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_link_to_a_plain_file_stays_and_the_file_is_replaced() {
    let folder = folder("link");
    let (file, link) = (folder.join("rows.csv"), folder.join("link.csv"));
    fs::write(&file, "older").unwrap();
    symlink(&file, &link).unwrap();
    for path in [&link, &file] {
        fs::write(&file, "older").unwrap();
        drop(RejectedFile::write(FileKey::of(path).unwrap(), &rows()).unwrap().unwrap().finish().unwrap());
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(&file).unwrap().contains("no id"));
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "no draft is left");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_refused_row_is_no_formula_to_the_spreadsheet_that_opens_the_file() {
    let path = std::env::temp_dir().join(format!("cs12-formula-{}.csv", std::process::id()));
    let row = RejectedRow { file: LegacyFile::ALL[0], line: 2, reason: "wrong".to_owned(), text: "=1+1,a".to_owned() };
    let file = RejectedFile::write(FileKey::of(&path).unwrap(), &[row]).unwrap().unwrap().finish().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(file).unwrap();
    assert!(text.ends_with(",2,wrong,\"'=1+1,a\"\n"), "{text}");
}
