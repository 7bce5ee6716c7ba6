package intake

// LeftMapping is leftMapping, for the test that lists agree with decisions.
var LeftMapping = leftMapping
