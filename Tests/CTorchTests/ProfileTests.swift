import CTorch
import Testing

/// What `Profile` in the module Torch never does. Other tests have profiles open meanwhile.
@Suite struct ProfileInterfaceTests {
  @Test func anEndWithoutABeginningIsRefused() {
    #expect(ct_profile_end(.max) == CT_ERROR_ARGUMENT)
    #expect(String(cString: ct_last_error()) == "this profile is not open")
  }

  @Test func anEndIsRefusedTheSecondTime() {
    var pair: UInt64 = 0
    #expect(ct_profile_begin(&pair) == CT_OK)
    #expect(ct_profile_end(pair) == CT_OK)
    #expect(ct_profile_end(pair) == CT_ERROR_ARGUMENT)
  }

  @Test func aVisitorIsNeeded() {
    #expect(ct_profile_visit(nil, nil) == CT_ERROR_ARGUMENT)
  }
}
