package world

import (
	"time"

	"pult/domain"
)

// Traits are what there is to know of a vendor's numbers.
type Traits struct {
	Kind      domain.ChannelKind // what customers call the channel
	Carrier   string             // the company that carries messages between the desk and customers
	Abilities Abilities
	Switches  []Switch // the faults the vendor can have, in the order in which people see them
}

// Abilities are what the customers of a number can do. What is missing has no word in the vendor's dialect: it would
// never reach the desk.
type Abilities struct {
	Photo, Voice, Document, Location, Card, Sticker bool // what they can send beside text

	Quote    bool // answer one message
	React    bool
	Edit     bool          // what they wrote
	Delete   bool          // what they wrote
	Receipts bool          // the desk hears that they read
	Username bool          // write without telling their number
	Account  bool          // write from an account of the vendor's app: everybody has one, and no number is ever told
	Echo     bool          // staff can write past the desk, on the business telephone
	Window   time.Duration // the vendor lets the desk write freely for so long after their last message; 0 = always
}

// Day is the window of most vendors.
const Day = 24 * time.Hour
