package safetyplan

// ShippedFrame is the question set that ships, for tests of what is made of it.
func ShippedFrame() (*Frame, error) { return shippedFrame() }
