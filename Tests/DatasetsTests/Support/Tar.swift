/// A tar writer of our own, so that the tests can also make archives that no tar program would write.
enum Tar {
  struct Entry {
    var name: String
    var bytes: [UInt8] = []
    var type: UInt8 = UInt8(ascii: "0")
    var link = ""
    var prefix = ""
    /// What stands in the size field instead of the right number.
    var size: String?
    /// What stands in the checksum field instead of the right number.
    var checksum: String?
    /// `ustar\0` and `00`, as POSIX has it, or GNU's `ustar` with two spaces.
    var magic: [UInt8] = Array("ustar\u{0}00".utf8)
  }

  static func pack(_ entries: [Entry], end: Bool = true) -> [UInt8] {
    var archive: [UInt8] = []
    for entry in entries {
      archive += header(entry) + entry.bytes
      archive += [UInt8](repeating: 0, count: (512 - archive.count % 512) % 512)
    }
    return archive + [UInt8](repeating: 0, count: end ? 1024 : 0)
  }

  private static func header(_ entry: Entry) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: [UInt8], _ offset: Int) { header.replaceSubrange(offset..<offset + text.count, with: text) }
    put(Array(entry.name.utf8), 0)
    put(Array("0000644".utf8), 100)
    put(Array((entry.size ?? octal(entry.bytes.count, digits: 11)).utf8), 124)
    put(Array("11225563071".utf8), 136)
    put([UInt8](repeating: 0x20, count: 8), 148)
    put([entry.type], 156)
    put(Array(entry.link.utf8), 157)
    put(entry.magic, 257)
    put(Array(entry.prefix.utf8), 345)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(Array((entry.checksum ?? octal(sum, digits: 6) + "\u{0} ").utf8), 148)
    return header
  }

  private static func octal(_ value: Int, digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
