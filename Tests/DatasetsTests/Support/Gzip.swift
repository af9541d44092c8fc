/// A gzip writer of our own, so that the tests can also make files that no gzip program would write.
enum Gzip {
  /// One member. `checksum` and `length` default to the right ones (RFC 1952, section 2.3.1).
  static func pack(_ bytes: [UInt8], checksum: UInt32? = nil, length: UInt32? = nil) -> [UInt8] {
    var packed = header
    var rest = bytes[...]
    repeat {
      let block = rest.prefix(65535)
      rest = rest.dropFirst(65535)
      let count = UInt16(block.count)
      packed += [rest.isEmpty ? 1 : 0]  // BFINAL, and BTYPE 00: stored
      packed += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
      packed += block
    } while !rest.isEmpty
    return packed + littleEndian(checksum ?? crc32(bytes)) + littleEndian(length ?? UInt32(bytes.count))
  }

  /// `prefix`, then `repeats` runs of 258 zero bytes, packed 159:1 with deflate's fixed Huffman codes
  /// (RFC 1951, section 3.2.6). The trailer is wrong: a reader has no business getting that far.
  static func bomb(prefix: [UInt8] = [], repeats: Int) -> [UInt8] {
    var bits = BitWriter()
    bits.write(0b1, 1)  // BFINAL
    bits.write(0b01, 2)  // BTYPE 01: fixed codes
    for byte in prefix + [0] {
      if byte < 144 {
        bits.writeCode(0b0011_0000 + Int(byte), 8)
      } else {
        bits.writeCode(0b1_1001_0000 + Int(byte) - 144, 9)
      }
    }
    for _ in 0..<repeats {
      bits.writeCode(0b1100_0101, 8)  // length code 285: 258
      bits.writeCode(0, 5)  // distance code 0: 1 byte back
    }
    bits.writeCode(0, 7)  // end of block
    return header + bits.bytes + [UInt8](repeating: 0, count: 8)
  }

  private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]

  private static func littleEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }

  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = ~0
    for byte in bytes { crc = crc >> 8 ^ crcTable[Int(crc & 255 ^ UInt32(byte))] }
    return ~crc
  }

  private static let crcTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xedb8_8320 : 0) }
  }

  private struct BitWriter {
    var bytes: [UInt8] = []
    private var free = 0

    /// Lowest bit first.
    mutating func write(_ value: Int, _ count: Int) {
      for bit in 0..<count {
        if free == 0 {
          bytes.append(0)
          free = 8
        }
        if value >> bit & 1 == 1 { bytes[bytes.count - 1] |= 1 << UInt8(8 - free) }
        free -= 1
      }
    }

    /// A Huffman code, highest bit first.
    mutating func writeCode(_ code: Int, _ count: Int) {
      for bit in (0..<count).reversed() { write(code >> bit & 1, 1) }
    }
  }
}
