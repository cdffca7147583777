import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter, Link, Route, Routes } from 'react-router'
import { Boat } from './pages/Boat'
import { Fleet } from './pages/Fleet'
import './style.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <nav>
        <Link to="/">Fleet</Link>
      </nav>
      <Routes>
        <Route index element={<Fleet />} />
        <Route path="boats/:name" element={<Boat />} />
        <Route path="*" element={<p>No such page.</p>} />
      </Routes>
    </BrowserRouter>
  </StrictMode>,
)
