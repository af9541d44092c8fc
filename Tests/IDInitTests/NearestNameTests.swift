import IDInit
import Testing

struct NearestNameTests {
  @Test(
    "a slip of the finger finds its name, another word does not",
    arguments: [
      ("idic", ["idi", "idiz", "idizc"], "idi"),
      ("kaimng-normal", ["kaiming-normal", "kaiming-uniform"], "kaiming-normal"),
      ("xavier", ["orthogonal", "idi"], nil), ("idzi", ["idiz", "idi"], "idiz"), ("gian", ["gain"], "gain"),
      ("", ["idi"], nil),
    ] as [(String, [String], String?)])
  func nearest(_ name: String, _ known: [String], _ expected: String?) {
    #expect(nearestName(to: name, among: known) == expected)
  }

  @Test func aNameThatGoesOnIsNearer() {
    let known = ["table8", "table2-resnet56", "table2-resnet110", "kaiming"]
    #expect(nearestName(to: "table2", among: known) == "table2-resnet56")
    #expect(nearestName(to: "table9", among: known) == "table8")
    #expect(nearestName(to: "", among: ["-x"]) == nil)
  }
}
