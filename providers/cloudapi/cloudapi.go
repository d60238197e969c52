// Package cloudapi is what WhatsApp's Cloud API says about templates and files, which other vendors pass on word by
// word in envelopes of their own. How such words are carried, and what a vendor leaves out of them, is its own
// driver's.
//
// The shapes come from Meta's documentation of the Cloud API as read in August 2026.
package cloudapi

import "pult/providers/wire"

type text = wire.Text
