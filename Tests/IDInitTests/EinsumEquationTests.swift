import Testing

@testable import IDInit

@Suite("Equations of Einstein sums")
struct EinsumEquationTests {
  private func weight(_ text: String, _ ranks: Int...) -> EinsumEquation.Axes? {
    EinsumEquation(text, ranks: ranks)?.weight(1, 0)
  }

  @Test("a weight's axes: outputs, inputs, and those that count matrices")
  func axes() {
    let linear = weight("bd,od->bo", 2, 2)
    #expect(linear?.out == [0] && linear?.in == [1] && linear?.output == [1] && linear?.stack == [])
    let heads = weight("b t d, d h k -> b t h k", 3, 3)
    #expect(heads?.out == [1, 2] && heads?.in == [0] && heads?.output == [2, 3])
    let merged = weight("bthk,hkd->btd", 4, 3)
    #expect(merged?.out == [2] && merged?.in == [0, 1])
    let experts = weight("ebd,edf->ebf", 3, 3)
    #expect(experts?.stack == [0] && experts?.out == [2] && experts?.in == [1] && experts?.stackOutput == [0])
    let dots = weight("...d,df->...f", 4, 2)
    #expect(dots?.out == [1] && dots?.in == [0] && dots?.output == [3])
    let implicit = weight("ij,jk", 2, 2)
    #expect(implicit?.out == [1] && implicit?.in == [0] && implicit?.output == [1])
  }

  @Test("what is no matrix product is refused")
  func refusals() {
    #expect(weight("bd,bd->bd", 2, 2) == nil)  // element by element
    #expect(weight("bd,od->b", 2, 2) == nil)  // an axis of the weight summed by itself
    #expect(weight("bd,od->bod", 2, 2) == nil)  // nothing summed
    for (text, ranks) in [
      ("bd,od->bo", [2, 3]), ("bb,od->bo", [2, 2]), ("bd->b", [2, 2]), ("a->b->c", [1, 1]), ("", [0, 0]),
      ("b.d,od->bo", [3, 2]), ("...d,df->...f", [0, 2]), ("...", [Int.max, 1]), (",", [1, 1]),
    ] {
      #expect(EinsumEquation(text, ranks: ranks) == nil, "\(text)")
    }
  }
}
