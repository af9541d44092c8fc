import Foundation
import Testing

@testable import Lab

@Suite struct TFRecordTests {
  /// RFC 3720, B.4, and the check value of the catalogue of parametrised CRC algorithms.
  @Test func checksumsAreThoseOfRFC3720() {
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
    #expect(CRC32C.checksum([]) == 0)
  }

  /// The mask, from its definition: turned right by 15 bits, and a constant added.
  @Test func masksAsTheFormatSays() {
    let crc: UInt32 = 0xE306_9283
    let turned = (crc >> 15) | (crc << 17)
    #expect(CRC32C.masked(Array("123456789".utf8)) == UInt32(truncatingIfNeeded: UInt64(turned) + 0xA282_EAD8))
  }

  @Test func framesARecord() throws {
    let content = Data("123456789".utf8)
    let record = [UInt8](TFRecord.frame(content))
    #expect(record.count == 8 + 4 + 9 + 4)
    #expect(Array(record[0..<8]) == [9, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(record[12..<21]) == [UInt8](content))
    func number(_ place: Int) -> UInt32 {
      record[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    #expect(number(8) == CRC32C.masked(record[0..<8]))
    #expect(number(21) == CRC32C.masked(content))
  }
}
