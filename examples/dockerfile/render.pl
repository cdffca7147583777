use strict;
use warnings;

my @rows = map { my ($name, $latitude) = split; [$name, $latitude] } <>;
print "<ul>\n";
print "<li>$_->[0] at $_->[1]</li>\n" for sort { $a->[1] <=> $b->[1] } @rows;
print "</ul>\n";
