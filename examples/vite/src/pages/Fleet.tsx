import { Link } from 'react-router'
import { fleet } from '../fleet'

export function Fleet() {
  return (
    <ul>
      {fleet.map(({ name }) => (
        <li key={name}>
          <Link to={`/boats/${name}`}>{name}</Link>
        </li>
      ))}
    </ul>
  )
}
