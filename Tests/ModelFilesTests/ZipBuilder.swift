@testable import ModelFiles

/// Writes zip files, and wrong ones: every field of a member and of the records at the end can be set to something
/// that is not so.
struct ZipBuilder {
  struct Member {
    var name: [UInt8]
    var data: [UInt8]
    var flags: UInt16 = 0
    var method: UInt16 = 0
    var crc: UInt32
    var size: UInt64
    var compressedSize: UInt64
    /// Sizes and offset in the extra field, the short ones full.
    var isZip64 = false
    /// Instead of the place where the member really stands.
    var offset: UInt64?
    /// Makes the local header differ from the directory.
    var local: (inout Member) -> Void = { _ in }
    var extra: [UInt8] = []
    var comment: [UInt8] = []

    init(_ name: String, _ data: [UInt8]) {
      self.name = Array(name.utf8)
      self.data = data
      crc = data.withUnsafeBytes { CRC32.checksum($0) }
      (size, compressedSize) = (UInt64(data.count), UInt64(data.count))
    }

    init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
  }

  var members: [Member]
  var comment: [UInt8] = []
  /// Records of zip64 at the end, whatever the sizes.
  var isZip64 = false
  var directoryOffset: UInt64?
  var directorySize: UInt64?
  var count: UInt64?
  var beforeDirectory: [UInt8] = []
  var disk: UInt16 = 0
  /// Bytes that the file has before these.
  var shift: UInt64 = 0

  init(_ members: [Member]) { self.members = members }

  /// As PyTorch does it: every member's data begins at a multiple of 64.
  static let alignment = 64

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let offset = UInt64(bytes.count)
      bytes += local(member, at: bytes.count)
      bytes += member.data
      directory += entry(member, at: member.offset ?? offset + shift)
    }
    bytes += beforeDirectory
    let start = UInt64(bytes.count) + shift
    bytes += directory
    let count = self.count ?? UInt64(members.count)
    let size = directorySize ?? UInt64(directory.count)
    let offset = directoryOffset ?? start
    if isZip64 {
      let record = UInt64(bytes.count) + shift
      bytes += number(0x0606_4B50, 4) + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 4) + number(0, 4)
      bytes += number(count, 8) + number(count, 8) + number(size, 8) + number(offset, 8)
      bytes += number(0x0706_4B50, 4) + number(0, 4) + number(record, 8) + number(1, 4)
    }
    bytes += number(0x0605_4B50, 4) + number(UInt64(disk), 2) + number(UInt64(disk), 2)
    bytes += number(isZip64 ? 0xFFFF : count, 2) + number(isZip64 ? 0xFFFF : count, 2)
    bytes += number(isZip64 ? 0xFFFF_FFFF : size, 4) + number(isZip64 ? 0xFFFF_FFFF : offset, 4)
    return bytes + number(UInt64(comment.count), 2) + comment
  }

  private func local(_ member: Member, at offset: Int) -> [UInt8] {
    var member = member
    member.local(&member)
    var bytes = number(0x0403_4B50, 4) + number(20, 2) + number(UInt64(member.flags), 2)
    bytes += number(UInt64(member.method), 2) + number(0, 4)
    // With bit 3 the fields are left to what stands behind the data.
    let isDeferred = member.flags & 8 != 0
    bytes += number(isDeferred ? 0 : UInt64(member.crc), 4)
    for size in [member.compressedSize, member.size] {
      bytes += number(isDeferred ? 0 : member.isZip64 ? 0xFFFF_FFFF : size, 4)
    }
    var extra = member.extra
    if member.isZip64 {
      extra += number(1, 2) + number(16, 2) + number(member.size, 8) + number(member.compressedSize, 8)
    }
    let rest = (offset + bytes.count + 4 + member.name.count + extra.count + 4) % Self.alignment
    let padding = rest == 0 ? 0 : Self.alignment - rest
    extra += Array("FB".utf8) + number(UInt64(padding), 2) + [UInt8](repeating: 0x5A, count: padding)
    return bytes + number(UInt64(member.name.count), 2) + number(UInt64(extra.count), 2) + member.name + extra
  }

  private func entry(_ member: Member, at offset: UInt64) -> [UInt8] {
    var bytes = number(0x0201_4B50, 4) + number(20, 2) + number(20, 2) + number(UInt64(member.flags), 2)
    bytes += number(UInt64(member.method), 2) + number(0, 4) + number(UInt64(member.crc), 4)
    let isLong = member.isZip64
    bytes += number(isLong ? 0xFFFF_FFFF : member.compressedSize, 4) + number(isLong ? 0xFFFF_FFFF : member.size, 4)
    var extra = member.extra
    if isLong {
      extra += number(1, 2) + number(24, 2) + number(member.size, 8) + number(member.compressedSize, 8)
      extra += number(offset, 8)
    }
    bytes += number(UInt64(member.name.count), 2) + number(UInt64(extra.count), 2)
    bytes += number(UInt64(member.comment.count), 2) + number(0, 2) + number(0, 2) + number(0, 4)
    bytes += number(isLong ? 0xFFFF_FFFF : offset, 4)
    return bytes + member.name + extra + member.comment
  }

  private func number(_ value: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }
}
