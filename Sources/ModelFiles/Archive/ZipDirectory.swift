/// The end of a zip file: the central directory and the records that say where it is.
enum ZipDirectory {
  typealias Problem = ZipProblem
  /// Room for some millions of members.
  static let maximumSize = 1 << 28

  static func read(_ file: MappedFile) throws(Problem) -> [ZipArchive.Member] {
    let place = try locate(file)
    guard place.range.count <= maximumSize else { throw .directoryTooLong(place.range.count) }
    // An entry has at least 46 bytes: a count that the directory has no room for is found before anything is reserved.
    guard place.count <= place.range.count / 46 else { throw .badDirectory(entry: 0, count: place.count) }
    let bytes: [UInt8]
    do { bytes = try file.readArray(count: place.range.count, at: place.range.lowerBound) } catch { throw .file(error) }
    var members: [ZipArchive.Member] = []
    members.reserveCapacity(place.count)
    var position = 0
    for entry in 0..<place.count {
      members.append(
        try member(bytes, &position, entry: entry, count: place.count, directoryOffset: place.range.lowerBound))
    }
    guard position == bytes.count else { throw .badDirectory(entry: place.count, count: place.count) }
    try limit(&members, directoryOffset: place.range.lowerBound)
    return members
  }

  // MARK: The records at the end

  private struct Place {
    var range: Range<Int>
    var count: Int
  }

  /// Finds the end-of-central-directory record, which a comment of up to 65,535 bytes may follow, and the zip64 one
  /// before it.
  private static func locate(_ file: MappedFile) throws(Problem) -> Place {
    let tailSize = min(file.size, 22 + 0xFFFF)
    let tailOffset = file.size - tailSize
    let (tail, head): ([UInt8], [UInt8])
    do {
      tail = try file.readArray(count: tailSize, at: tailOffset)
      head = try file.readArray(count: min(4, file.size), at: 0)
    } catch { throw .file(error) }
    let startsAsZip = head.elementsEqual([0x50, 0x4B, 0x03, 0x04])
    guard
      let end = stride(from: tailSize - 22, through: 0, by: -1).first(where: {
        tail[$0] == 0x50 && tail.number32(at: $0) == 0x0605_4B50
          && $0 + 22 + Int(tail.number16(at: $0 + 20)) == tailSize
      })
    else { throw .noDirectory(startsAsZip: startsAsZip) }

    var count = UInt64(tail.number16(at: end + 10))
    var size = UInt64(tail.number32(at: end + 12))
    var offset = UInt64(tail.number32(at: end + 16))
    var limit = tailOffset + end
    if limit >= 20 {
      let locator: [UInt8]
      do { locator = try file.readArray(count: 20, at: limit - 20) } catch { throw .file(error) }
      if locator.number32(at: 0) == 0x0706_4B50 {
        guard locator.number32(at: 4) == 0, locator.number32(at: 16) <= 1 else { throw .severalDisks }
        let record = try zip64Record(file, at: locator.number64(at: 8), limit: limit - 20)
        limit = record.offset
        count = try settled(count, 0xFFFF, record.count, "entries")
        size = try settled(size, 0xFFFF_FFFF, record.size, "size")
        offset = try settled(offset, 0xFFFF_FFFF, record.directory, "offset")
      }
    }
    let disk = tail.number16(at: end + 4), directoryDisk = tail.number16(at: end + 6)
    guard disk == directoryDisk, disk == 0 || disk == 0xFFFF, tail.number16(at: end + 8) == tail.number16(at: end + 10)
    else { throw .severalDisks }

    let (directoryEnd, overflow) = offset.addingReportingOverflow(size)
    guard !overflow, directoryEnd <= UInt64(limit), count <= UInt64(Int.max) else {
      throw .directoryPastEnd(offset: offset, size: size, limit: limit)
    }
    return Place(range: Int(offset)..<Int(directoryEnd), count: Int(count))
  }

  private static func zip64Record(
    _ file: MappedFile, at offset: UInt64, limit: Int
  ) throws(Problem) -> (offset: Int, count: UInt64, size: UInt64, directory: UInt64) {
    guard limit >= 56, offset <= UInt64(limit - 56) else { throw .zip64("lies past the end") }
    let record: [UInt8]
    do { record = try file.readArray(count: 56, at: Int(offset)) } catch { throw .file(error) }
    guard record.number32(at: 0) == 0x0606_4B50 else { throw .zip64("is missing at byte \(offset)") }
    let (size, overflow) = record.number64(at: 4).addingReportingOverflow(12)
    guard !overflow, size >= 56, size <= UInt64(limit) - offset else { throw .zip64("has a wrong size") }
    guard record.number32(at: 16) == 0, record.number32(at: 20) == 0, record.number64(at: 24) == record.number64(at: 32)
    else { throw .severalDisks }
    return (Int(offset), record.number64(at: 32), record.number64(at: 40), record.number64(at: 48))
  }

  /// The zip64 record's value where the short field is full; else both must say the same.
  private static func settled(
    _ short: UInt64, _ full: UInt64, _ long: UInt64, _ what: String
  ) throws(Problem) -> UInt64 {
    guard short == full || short == long else { throw .zip64("and the record behind it differ in \(what)") }
    return long
  }

  // MARK: Entries

  private static func member(
    _ bytes: [UInt8], _ position: inout Int, entry: Int, count: Int, directoryOffset: Int
  ) throws(Problem) -> ZipArchive.Member {
    let start = position
    guard bytes.count - start >= 46, bytes.number32(at: start) == 0x0201_4B50 else {
      throw .badDirectory(entry: entry, count: count)
    }
    let nameLength = Int(bytes.number16(at: start + 28))
    let extraLength = Int(bytes.number16(at: start + 30))
    let commentLength = Int(bytes.number16(at: start + 32))
    guard bytes.count - start - 46 >= nameLength + extraLength + commentLength else {
      throw .badDirectory(entry: entry, count: count)
    }
    let nameEnd = start + 46 + nameLength
    position = nameEnd + extraLength + commentLength
    let name = String(decoding: bytes[start + 46..<nameEnd], as: UTF8.self)
    // What is no UTF-8 was replaced on the way.
    guard name.utf8.elementsEqual(bytes[start + 46..<nameEnd]) else { throw .badName(name, reason: "is no UTF-8") }
    if let reason = objection(to: bytes[start + 46..<nameEnd]) { throw .badName(name, reason: reason) }

    var compressedSize = UInt64(bytes.number32(at: start + 20))
    var size = UInt64(bytes.number32(at: start + 24))
    var offset = UInt64(bytes.number32(at: start + 42))
    var disk = UInt64(bytes.number16(at: start + 34))
    var extra = nameEnd
    while extra < nameEnd + extraLength {
      guard nameEnd + extraLength - extra >= 4 else { throw .badDirectory(entry: entry, count: count) }
      let (tag, length) = (bytes.number16(at: extra), Int(bytes.number16(at: extra + 2)))
      extra += 4
      guard nameEnd + extraLength - extra >= length else { throw .badDirectory(entry: entry, count: count) }
      if tag == 1 {
        // In this order, and only what its short field has no room for.
        var field = extra
        for path in [(0, UInt64(UInt32.max)), (1, UInt64(UInt32.max)), (2, UInt64(UInt32.max)), (3, 0xFFFF)] {
          let short = [size, compressedSize, offset, disk][path.0]
          guard short == path.1 else { continue }
          let width = path.0 == 3 ? 4 : 8
          guard extra + length - field >= width else { throw .zip64("of \(quoted(name)) is too short") }
          let value = width == 8 ? bytes.number64(at: field) : UInt64(bytes.number32(at: field))
          switch path.0 {
          case 0: size = value
          case 1: compressedSize = value
          case 2: offset = value
          default: disk = value
          }
          field += width
        }
      }
      extra += length
    }
    guard disk == 0 else { throw .severalDisks }
    // Header, name and data must lie before the directory.
    let (end, overflow) = offset.addingReportingOverflow(compressedSize)
    let (furthest, furtherOverflow) = end.addingReportingOverflow(UInt64(30 + nameLength))
    guard !overflow, !furtherOverflow, furthest <= UInt64(directoryOffset), size <= UInt64(Int.max) else {
      throw .memberPastEnd(name)
    }
    return ZipArchive.Member(
      name: name, flags: bytes.number16(at: start + 8), method: bytes.number16(at: start + 10),
      crc: bytes.number32(at: start + 16), compressedSize: Int(compressedSize), size: Int(size),
      headerOffset: Int(offset), limit: directoryOffset)
  }

  /// Nothing is extracted, so such a name could do no harm here; but no honest archive has one.
  private static func objection(to name: ArraySlice<UInt8>) -> String? {
    if name.isEmpty { return "is empty" }
    if name.first == UInt8(ascii: "/") { return "is an absolute path" }
    // How many bytes the present component has, and whether all of them are dots.
    var (count, isDots) = (0, true)
    for byte in name {
      switch byte {
      case UInt8(ascii: "\\"): return "has a backslash"
      case 0: return "has a NUL character"
      case UInt8(ascii: "/"):
        if count == 2, isDots { return "leads out of the archive" }
        (count, isDots) = (0, true)
      default:
        count += 1
        if byte != UInt8(ascii: ".") { isDots = false }
      }
    }
    return count == 2 && isDots ? "leads out of the archive" : nil
  }

  /// Gives every member the place where the next one begins, and checks that it ends before that.
  private static func limit(_ members: inout [ZipArchive.Member], directoryOffset: Int) throws(Problem) {
    let order = members.indices.sorted { members[$0].headerOffset < members[$1].headerOffset }
    var next = directoryOffset
    for index in order.reversed() {
      let member = members[index]
      let end = member.headerOffset + 30 + member.name.utf8.count + member.compressedSize
      guard end <= next else { throw .overlap(member.name, end: end, limit: next) }
      members[index].limit = next
      next = member.headerOffset
    }
  }
}
