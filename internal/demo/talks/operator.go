package talks

// Operator names an operator of the demo in the scripts.
type Operator int

// The operators, and Nobody for a line that none of them said.
const (
	Nobody Operator = iota
	Martin
	Alena
	Laure
	Tom
)
