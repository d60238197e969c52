package store

import (
	"strconv"

	"pult/domain"
	"pult/domain/search"
)

// Columns of the chats table that its search can look into.
const (
	ColumnNumber   = "number"
	ColumnName     = "participant"
	ColumnMessage  = "last_message"
	ColumnBusiness = "business_number"
	ColumnSource   = "source"
)

// SearchColumns lists them in the order of the chooser.
var SearchColumns = []string{ColumnNumber, ColumnSource, ColumnBusiness, ColumnName, ColumnMessage}

func conversationPostings(c *domain.Conversation, channel *domain.Channel) [][]byte {
	name := append(search.Terms(c.Name), phoneTerms(c.Address)...)
	if c.To.Kind != domain.PhoneIdentity {
		name = append(search.Terms(c.Name), search.Terms(c.Address)...)
	}
	columns := map[string][]string{
		ColumnNumber:   {strconv.FormatUint(c.Number, 10)},
		ColumnName:     name,
		ColumnMessage:  search.Terms(c.Subject + " " + c.LastMessage.Text),
		ColumnBusiness: phoneTerms(channel.Number),
		ColumnSource:   search.Terms(channel.Name + " " + string(channel.Kind)),
	}
	var keys [][]byte
	for column, terms := range columns {
		keys = append(keys, postingKeys(scopeConversation+column+"/", terms, c.ID, channel.Short)...)
	}
	return keys
}
